using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Calango.Sdk;

namespace Calango.Plugins.Weaviate;

/// <summary>One server: where it is and how it is asked.</summary>
internal sealed partial class Service
{
    private readonly IPluginHttp _http;
    private readonly Uri _base;
    private readonly string? _key;
    private readonly string _prefix;

    private Service(IPluginHttp http, WeaviateSettings settings)
    {
        var address = settings.Address ?? throw new ProviderException(ProviderErrorKind.InvalidSettings, "address");
        // A key is pasted, often with a line end. What cannot stand in a header would fail far from here.
        _key = settings.ApiKey?.Trim() is not { Length: > 0 } key ? null
            : key.AsSpan().ContainsAnyExceptInRange('!', '~') ? throw new ProviderException(ProviderErrorKind.InvalidSettings, "apiKey") : key;
        _prefix = PrefixForm().IsMatch(settings.Prefix) ? settings.Prefix : throw new ProviderException(ProviderErrorKind.InvalidSettings, "prefix");
        _base = new Uri($"{address.GetLeftPart(UriPartial.Path).TrimEnd('/')}/v1/".Replace("/v1/v1/", "/v1/", StringComparison.Ordinal));
        (_http, ComparesWords) = (http, settings.Hybrid);
    }

    /// <summary>Words count there, too.</summary>
    public bool ComparesWords { get; }

    /// <exception cref="ProviderException"><see cref="ProviderErrorKind.InvalidSettings"/> with the field's name.</exception>
    public static Service From(IPluginHttp http, SettingsValues settings) => new(http, SettingsSchema.Bind<WeaviateSettings>(settings));

    /// <summary>The name of a space's collection there: a fingerprint may have letters that a name may not.</summary>
    public string ClassOf(IndexSpace space) =>
        $"{_prefix}_{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(space.Fingerprint)))[..24]}_{space.Dimensions}";

    /// <summary>Whether a tenant is there. Where not even the collection is, Weaviate may say 422.</summary>
    public async Task<bool> HasTenantAsync(string name, string tenant, CancellationToken cancellationToken)
    {
        var answer = await AskAsync(HttpMethod.Head, $"schema/{name}/tenants/{tenant}", null, cancellationToken).ConfigureAwait(false);
        return answer.IsGood || (answer.Status is 404 or 422 ? false : throw answer.ToException());
    }

    /// <summary>Sends a request. What says who may not, or that the service is in trouble, is thrown; any other status is the answer's.</summary>
    /// <exception cref="ProviderException">With the kind that says what is wrong.</exception>
    public async Task<Answer> AskAsync(HttpMethod method, string path, JsonNode? body, CancellationToken cancellationToken)
    {
        try
        {
            using var client = _http.CreateClient(new HttpLimits());
            using var request = new HttpRequestMessage(method, new Uri(_base, path));
            request.Headers.Authorization = _key is null ? null : new AuthenticationHeaderValue("Bearer", _key);
            request.Content = body is null ? null : JsonContent.Create(body);
            using var response = await client.SendAsync(request, cancellationToken).ConfigureAwait(false);
            var answer = Answer.Of((int)response.StatusCode, await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false), _key);
            return answer.Status is 401 or 403 or 429 or >= 500 or (>= 300 and < 400) ? throw answer.ToException() : answer;
        }
        catch (Exception exception) when (exception is not ProviderException && !cancellationToken.IsCancellationRequested && KindOf(exception) is { } kind)
        {
            throw (exception as HttpRequestException)?.InnerException as ProviderException ?? new ProviderException(kind);
        }
    }

    private static ProviderErrorKind? KindOf(Exception exception) => exception switch
    {
        HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } => ProviderErrorKind.HostNotFound,
        HttpRequestException { InnerException: SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData } } => ProviderErrorKind.HostNotFound,
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } => ProviderErrorKind.InsecureConnection,
        HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError } => ProviderErrorKind.Unreachable,
        HttpRequestException { HttpRequestError: HttpRequestError.InvalidResponse } => ProviderErrorKind.UnexpectedFormat,
        HttpRequestException or IOException => ProviderErrorKind.ConnectionLost,
        OperationCanceledException => ProviderErrorKind.TimedOut,
        _ => null,
    };

    [GeneratedRegex("^[A-Z][A-Za-z0-9]{0,31}$")]
    private static partial Regex PrefixForm();
}
