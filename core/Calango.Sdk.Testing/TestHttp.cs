using System.Net;
using Calango.Core.Plugins;

namespace Calango.Sdk.Testing;

/// <summary>
/// HTTP as the server lends it to plugins, for their tests: set up alike, with the very same limits. It reads every address,
/// loopback included, where the server reads the public web only.
/// </summary>
public sealed class TestHttp : IPluginHttp, IDisposable
{
    private readonly SocketsHttpHandler _connections = New(followsRedirects: false);
    private readonly SocketsHttpHandler _web = New(followsRedirects: true);

    /// <inheritdoc/>
    public HttpClient CreateClient(HttpLimits limits) => ClientOf(_connections, limits);

    /// <inheritdoc/>
    public async Task<WebDocument> ReadPublicAsync(Uri address, WebLimits limits, CancellationToken cancellationToken)
    {
        using var client = ClientOf(_web, new HttpLimits(int.MaxValue, limits.MaxBytes));
        using var time = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        time.CancelAfter(limits.Time);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            request.Headers.TryAddWithoutValidation("Accept", limits.Accept);
            using var response = await client.SendAsync(request, time.Token).ConfigureAwait(false);
            return response.IsSuccessStatusCode
                ? await DocumentOf(response, time.Token).ConfigureAwait(false)
                : throw new ProviderException(KindOf(response.StatusCode), statusCode: (int)response.StatusCode);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ProviderException(ProviderErrorKind.TimedOut);
        }
        catch (HttpRequestException failure)
        {
            throw failure.InnerException as ProviderException ?? new ProviderException(ProviderErrorKind.Unreachable);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _connections.Dispose();
        _web.Dispose();
    }

    private static SocketsHttpHandler New(bool followsRedirects) => new()
    {
        AllowAutoRedirect = followsRedirects,
        UseCookies = false,
        UseProxy = false,
        AutomaticDecompression = DecompressionMethods.All,
        // Leaving a stream closes its socket, which the suites look for.
        ResponseDrainTimeout = TimeSpan.FromMilliseconds(100),
    };

    private static HttpClient ClientOf(SocketsHttpHandler connections, HttpLimits limits) =>
        new(new CappedHandler(connections, limits), disposeHandler: false) { Timeout = Timeout.InfiniteTimeSpan };

    private static async Task<WebDocument> DocumentOf(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var type = response.Content.Headers.ContentType;
        return new WebDocument(
            response.RequestMessage!.RequestUri!, type?.MediaType, type?.CharSet?.Trim('"'), await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false));
    }

    private static ProviderErrorKind KindOf(HttpStatusCode status) => status switch
    {
        HttpStatusCode.Unauthorized => ProviderErrorKind.Unauthorized,
        HttpStatusCode.Forbidden => ProviderErrorKind.Forbidden,
        HttpStatusCode.NotFound or HttpStatusCode.Gone => ProviderErrorKind.EndpointNotFound,
        HttpStatusCode.TooManyRequests => ProviderErrorKind.RateLimited,
        >= HttpStatusCode.InternalServerError => ProviderErrorKind.ServiceFailed,
        _ => ProviderErrorKind.InvalidRequest,
    };
}
