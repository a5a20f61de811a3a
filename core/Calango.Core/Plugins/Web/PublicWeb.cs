using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using Calango.Core.Errors;
using Calango.Core.Network;
using Calango.Sdk;

namespace Calango.Core.Plugins;

/// <summary>
/// HTTP for addresses that come from a model, a page or a stranger: it reaches the public internet only. What counts is the
/// address that is really connected to, so neither an odd spelling nor a name that resolves to something else a moment later
/// leads anywhere else; each redirect is a request of its own and is checked like the first. No proxy, no cookies. Thread-safe.
/// </summary>
public sealed class PublicWeb : IDisposable
{
    /// <summary>What is said of an address of the public web that leads to one that is not.</summary>
    internal const string LeadsInwards = "redirects to an address that is not of the public web";

    private const int MaxRedirects = 5;

    // ENOSPC, as .NET passes it on.
    private const int NoSpace = 28;

    private static readonly TimeSpan LongestLookUp = TimeSpan.FromSeconds(5);

    private readonly WebOptions _options;
    private readonly Func<string, CancellationToken, Task<IPAddress[]>> _resolve;
    private readonly SocketsHttpHandler _connections;

    /// <summary>Makes one.</summary>
    public PublicWeb(WebOptions options)
        : this(options, Dns.GetHostAddressesAsync)
    {
    }

    internal PublicWeb(WebOptions options, Func<string, CancellationToken, Task<IPAddress[]>> resolve)
    {
        (_options, _resolve) = (options, resolve);
        _connections = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            AutomaticDecompression = DecompressionMethods.All,
            ConnectTimeout = TimeSpan.FromSeconds(10),
            // In kilobytes: who answers with more wants to fill the memory.
            MaxResponseHeadersLength = 32,
            // A name that was checked must not be trusted for long.
            PooledConnectionLifetime = TimeSpan.FromMinutes(1),
            ResponseDrainTimeout = TimeSpan.Zero,
            ConnectCallback = ConnectAsync,
        };
    }

    /// <summary>Reads one address whole, following its redirects. The time is for all of it, from the first name looked up to the last byte.</summary>
    /// <exception cref="ProviderException">
    /// <see cref="ProviderErrorKind.Forbidden"/> without a status: it is not of the public web. Others say what they always do;
    /// a status that is no success has the kind that goes with it.
    /// </exception>
    public Task<WebDocument> ReadAsync(Uri address, WebLimits limits, CancellationToken cancellationToken) =>
        LimitAsync(address, limits, ask: null, (found, response, ending) => DocumentOfAsync(found, response.Content, ending), cancellationToken);

    /// <summary>As the other, but only where it is another version than one that is known.</summary>
    /// <param name="address">The address.</param>
    /// <param name="limits">What it may take.</param>
    /// <param name="tag">What its server called that version; null: it said nothing.</param>
    /// <param name="lastModified">When it said that it was changed last.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The document with what its server says of its version; null: it is the known one.</returns>
    internal Task<(WebDocument Document, string? Tag, string? LastModified)?> ReadChangedAsync(Uri address, WebLimits limits, string? tag, string? lastModified, CancellationToken cancellationToken) =>
        LimitAsync<(WebDocument, string?, string?)?>(
            address,
            limits,
            headers =>
            {
                headers.TryAddWithoutValidation("If-None-Match", tag);
                headers.TryAddWithoutValidation("If-Modified-Since", lastModified);
            },
            async (found, response, ending) => response.StatusCode == HttpStatusCode.NotModified ? null : (
                await DocumentOfAsync(found, response.Content, ending),
                response.Headers.TryGetValues("ETag", out var tags) ? tags.First() : null,
                response.Content.Headers.TryGetValues("Last-Modified", out var dates) ? dates.First() : null),
            cancellationToken);

    /// <summary>As the other, but hands what is found to <paramref name="read"/> as it comes.</summary>
    /// <exception cref="ProviderException">As the other. What was refused while it was read, and a full disk, come as they are.</exception>
    public Task<T> ReadAsync<T>(Uri address, WebLimits limits, Func<Stream, CancellationToken, Task<T>> read, CancellationToken cancellationToken) =>
        LimitAsync(address, limits, ask: null, async (_, response, ending) => await read(await response.Content.ReadAsStreamAsync(ending), ending), cancellationToken);

    /// <summary>Sends one request, without following where its answer leads; of that only the status is read.</summary>
    /// <returns>The status, whatever it is.</returns>
    /// <exception cref="ProviderException">There was no answer; as the others, which also fail for a status.</exception>
    internal async Task<int> SendAsync(HttpRequestMessage request, TimeSpan limit, CancellationToken cancellationToken)
    {
        using var time = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        time.CancelAfter(limit);
        try
        {
            using var client = CreateInvoker(request.RequestUri!);
            using var response = await client.SendAsync(request, time.Token);
            return (int)response.StatusCode;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw Translate(exception, time.IsCancellationRequested);
        }
    }

    /// <summary>Whether an address may be sent to, as far as that is known before it is connected to: a name that does not resolve now may later.</summary>
    internal async Task<bool> MayLeadToAsync(Uri address, CancellationToken cancellationToken)
    {
        try
        {
            Accepted(address);
            return IsAllowed(address.IdnHost, address.Port)
                || Array.TrueForAll(await AddressesOfAsync(address.IdnHost, cancellationToken).WaitAsync(LongestLookUp, cancellationToken), PublicAddresses.Contain);
        }
        catch (ProviderException)
        {
            return false;
        }
        catch (Exception exception) when (exception is SocketException or TimeoutException)
        {
            return true;
        }
    }

    /// <summary>Whether the configuration names an address's host and port as one that may be fetched from wherever it is.</summary>
    public bool Allows(Uri address) => IsAllowed(address.IdnHost, address.Port);

    /// <inheritdoc/>
    public void Dispose() => _connections.Dispose();

    private static async Task<WebDocument> DocumentOfAsync(Uri found, HttpContent content, CancellationToken cancellationToken) => new(
        found, content.Headers.ContentType?.MediaType, content.Headers.ContentType?.CharSet?.Trim('"'), await content.ReadAsByteArrayAsync(cancellationToken));

    // What is asked for beyond the address may be answered with that nothing has changed.
    private async Task<T> LimitAsync<T>(
        Uri address, WebLimits limits, Action<HttpRequestHeaders>? ask, Func<Uri, HttpResponseMessage, CancellationToken, Task<T>> read, CancellationToken cancellationToken)
    {
        using var time = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        time.CancelAfter(limits.Time);
        try
        {
            return await FollowAsync(address, limits, ask, read, time.Token);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested && exception is not (RejectedException or IOException { HResult: NoSpace }))
        {
            throw Translate(exception, time.IsCancellationRequested);
        }
    }

    /// <summary>Sends to one address, without following where it leads.</summary>
    /// <exception cref="ProviderException"><see cref="ProviderErrorKind.Forbidden"/>: it is not of the public web, by its form already.</exception>
    internal HttpMessageInvoker CreateInvoker(Uri address)
    {
        Accepted(address);
        return new HttpMessageInvoker(_connections, disposeHandler: false);
    }

    private async Task<T> FollowAsync<T>(
        Uri address, WebLimits limits, Action<HttpRequestHeaders>? ask, Func<Uri, HttpResponseMessage, CancellationToken, Task<T>> read, CancellationToken cancellationToken)
    {
        using var client = new HttpMessageInvoker(new CappedHandler(_connections, new HttpLimits(int.MaxValue, limits.MaxBytes)), disposeHandler: false);
        for (var redirects = 0; redirects <= MaxRedirects; redirects++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, redirects > 0 ? AcceptedNext(address) : Accepted(address));
            request.Headers.TryAddWithoutValidation("User-Agent", "Calango");
            request.Headers.TryAddWithoutValidation("Accept", limits.Accept);
            ask?.Invoke(request.Headers);
            using var response = await SendAsync(client, request, redirects > 0, cancellationToken);
            if (response.StatusCode is HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.SeeOther
                    or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect && response.Headers.Location is { } next)
            {
                address = new Uri(address, next);
                continue;
            }

            if (!response.IsSuccessStatusCode && (ask is null || response.StatusCode != HttpStatusCode.NotModified))
            {
                throw new ProviderException(KindOf(response.StatusCode), statusCode: (int)response.StatusCode);
            }

            return await read(address, response, cancellationToken);
        }

        throw new ProviderException(ProviderErrorKind.UnexpectedFormat, "too many redirects");
    }

    // Whoever gave the first address meant well; it is the site that leads inwards.
    private static async Task<HttpResponseMessage> SendAsync(HttpMessageInvoker client, HttpRequestMessage request, bool wasLed, CancellationToken cancellationToken)
    {
        try
        {
            return await client.SendAsync(request, cancellationToken);
        }
        catch (HttpRequestException exception) when (wasLed && exception.InnerException is ProviderException { Kind: ProviderErrorKind.Forbidden })
        {
            throw new ProviderException(ProviderErrorKind.Forbidden, LeadsInwards);
        }
    }

    private Uri AcceptedNext(Uri address)
    {
        try
        {
            return Accepted(address);
        }
        catch (ProviderException)
        {
            throw new ProviderException(ProviderErrorKind.Forbidden, LeadsInwards);
        }
    }

    private Uri Accepted(Uri address) =>
        address.IsAbsoluteUri && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps) && address.UserInfo.Length == 0
        && (address.IsDefaultPort || address.Port is 80 or 443 || IsAllowed(address.IdnHost, address.Port))
            ? address
            : throw Blocked();

    private bool IsAllowed(string host, int port) => _options.AllowedHosts.Contains($"{host}:{port}", StringComparer.OrdinalIgnoreCase);

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var (host, port) = (context.DnsEndPoint.Host, context.DnsEndPoint.Port);
        var addresses = await AddressesOfAsync(host, cancellationToken);
        // One that isn't public among others is how a guard is tricked: none is tried then.
        if (addresses.Length == 0 || (!IsAllowed(host, port) && !Array.TrueForAll(addresses, PublicAddresses.Contain)))
        {
            throw addresses.Length == 0 ? new ProviderException(ProviderErrorKind.HostNotFound) : Blocked();
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private async Task<IPAddress[]> AddressesOfAsync(string host, CancellationToken cancellationToken) =>
        IPAddress.TryParse(host.Trim('[', ']'), out var literal) ? [literal] : await _resolve(host, cancellationToken);

    private static ProviderException Blocked() => new(ProviderErrorKind.Forbidden, "not an address of the public web");

    private static ProviderErrorKind KindOf(HttpStatusCode status) => status switch
    {
        HttpStatusCode.Unauthorized => ProviderErrorKind.Unauthorized,
        HttpStatusCode.Forbidden => ProviderErrorKind.Forbidden,
        HttpStatusCode.NotFound or HttpStatusCode.Gone => ProviderErrorKind.EndpointNotFound,
        HttpStatusCode.TooManyRequests => ProviderErrorKind.RateLimited,
        >= HttpStatusCode.InternalServerError => ProviderErrorKind.ServiceFailed,
        _ => ProviderErrorKind.InvalidRequest,
    };

    private static ProviderException Translate(Exception exception, bool timedOut) =>
        timedOut || exception is OperationCanceledException ? new ProviderException(ProviderErrorKind.TimedOut)
        : exception as ProviderException ?? exception.InnerException as ProviderException
        ?? new ProviderException(exception switch
        {
            HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } => ProviderErrorKind.InsecureConnection,
            HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded } => ProviderErrorKind.StreamTooLarge,
            _ when exception is SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain }
                or { InnerException: SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain } } => ProviderErrorKind.HostNotFound,
            HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError } => ProviderErrorKind.Unreachable,
            HttpRequestException or IOException => ProviderErrorKind.ConnectionLost,
            _ => ProviderErrorKind.UnexpectedFormat,
        });
}
