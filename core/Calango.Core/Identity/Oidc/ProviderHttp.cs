using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text.Json;
using Calango.Core.Network;

namespace Calango.Core.Identity;

/// <summary>
/// The way to one provider. An administrator entered its issuer, and an organisation's is in its own network: such an address
/// is allowed. But the provider itself names its other addresses, and one on the public internet must not send us into this
/// network. What counts is the address that is really connected to. No redirects, no cookies, no proxy. Thread-safe.
/// </summary>
internal sealed class ProviderHttp : IDisposable
{
    private const int MaxBytes = 512 * 1024;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    // Where clouds keep the keys of a machine, and what is no machine at all.
    private static readonly IPNetwork[] Nobody = [.. new[] { "0.0.0.0/8", "169.254.0.0/16", "224.0.0.0/3", "fe80::/10", "ff00::/8", "fd00:ec2::/32", "::/128" }.Select(IPNetwork.Parse)];

    private readonly string _issuerHost;
    private readonly TimeProvider _clock;
    private readonly Func<string, CancellationToken, Task<IPAddress[]>> _resolve;
    private readonly SocketsHttpHandler _connections;
    private readonly HttpMessageInvoker _invoker;

    /// <param name="issuer">Whose addresses these are.</param>
    /// <param name="clock">Measures how long the provider takes.</param>
    public ProviderHttp(Uri issuer, TimeProvider clock)
        : this(issuer, clock, Dns.GetHostAddressesAsync)
    {
    }

    internal ProviderHttp(Uri issuer, TimeProvider clock, Func<string, CancellationToken, Task<IPAddress[]>> resolve)
    {
        (_issuerHost, _clock, _resolve) = (issuer.IdnHost, clock, resolve);
        _connections = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            // A small body that unpacks into a large one has no place here.
            AutomaticDecompression = DecompressionMethods.None,
            MaxResponseHeadersLength = 32,
            PooledConnectionLifetime = TimeSpan.FromMinutes(1),
            ResponseDrainTimeout = TimeSpan.Zero,
            ConnectCallback = ConnectAsync,
        };
        _invoker = new HttpMessageInvoker(_connections, disposeHandler: false);
    }

    /// <summary>Reads an answer that is a good one.</summary>
    /// <exception cref="LoginRefusedException">There was none in time, or it is no JSON object.</exception>
    public async Task<JsonElement> ReadAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var answer = await AskAsync(request, cancellationToken);
        return answer.Status == HttpStatusCode.OK ? StrictJson.ReadObject(answer.Body) : throw new LoginRefusedException(LoginRefusal.StatusUnexpected);
    }

    /// <summary>Reads an answer, a good one or not.</summary>
    /// <exception cref="LoginRefusedException">There was none in time.</exception>
    public async Task<ProviderAnswer> AskAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.Headers.TryAddWithoutValidation("User-Agent", "Calango");
        if (request.Headers.Accept.Count == 0)
        {
            request.Headers.TryAddWithoutValidation("Accept", "application/json");
        }

        using var time = new CancellationTokenSource(Limit, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, time.Token);
        try
        {
            using var response = await _invoker.SendAsync(request, either.Token);
            return (int)response.StatusCode is >= 300 and < 400
                ? throw new LoginRefusedException(LoginRefusal.Redirected)
                : new ProviderAnswer(response.StatusCode, await ReadAsync(response.Content, either.Token));
        }
        catch (Exception exception) when (exception is not LoginRefusedException && !cancellationToken.IsCancellationRequested)
        {
            throw Translate(exception, time.IsCancellationRequested);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _invoker.Dispose();
        _connections.Dispose();
    }

    private static async Task<ReadOnlyMemory<byte>> ReadAsync(HttpContent content, CancellationToken cancellationToken)
    {
        using var body = new MemoryStream();
        await using var stream = await content.ReadAsStreamAsync(cancellationToken);
        var buffer = new byte[16 * 1024];
        for (int count; (count = await stream.ReadAsync(buffer, cancellationToken)) > 0;)
        {
            body.Write(buffer, 0, count);
            if (body.Length > MaxBytes)
            {
                throw new LoginRefusedException(LoginRefusal.TooLarge);
            }
        }

        return body.GetBuffer().AsMemory(0, (int)body.Length);
    }

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var (host, port) = (context.DnsEndPoint.Host, context.DnsEndPoint.Port);
        var addresses = await ResolveAsync(host, cancellationToken);
        if (!await MayGoAsync(host, addresses, cancellationToken))
        {
            throw new LoginRefusedException(LoginRefusal.AddressForbidden);
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

    private async Task<bool> MayGoAsync(string host, IPAddress[] addresses, CancellationToken cancellationToken)
    {
        if (Array.Exists(addresses, address => Array.Exists(Nobody, network => network.Contains(Plain(address)))))
        {
            return false;
        }

        return string.Equals(host, _issuerHost, StringComparison.OrdinalIgnoreCase)
            || Array.TrueForAll(addresses, PublicAddresses.Contain)
            || !Array.TrueForAll(await ResolveAsync(_issuerHost, cancellationToken), PublicAddresses.Contain);
    }

    private async Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken)
    {
        var addresses = IPAddress.TryParse(host.Trim('[', ']'), out var literal) ? [literal] : await _resolve(host, cancellationToken);
        return addresses.Length > 0 ? addresses : throw new LoginRefusedException(LoginRefusal.HostNotFound);
    }

    private static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    private static LoginRefusedException Translate(Exception exception, bool timedOut) =>
        timedOut ? new LoginRefusedException(LoginRefusal.TimedOut, exception)
        : exception.InnerException as LoginRefusedException
        ?? new LoginRefusedException(exception switch
        {
            HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } or { InnerException: AuthenticationException } => LoginRefusal.InsecureConnection,
            HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded } => LoginRefusal.TooLarge,
            _ when exception is SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain }
                or { InnerException: SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain } } => LoginRefusal.HostNotFound,
            _ => LoginRefusal.Unreachable,
        }, exception);
}

/// <summary>What a provider answered.</summary>
/// <param name="Status">Its status; none that leads elsewhere.</param>
/// <param name="Body">All that came.</param>
internal sealed record ProviderAnswer(HttpStatusCode Status, ReadOnlyMemory<byte> Body);
