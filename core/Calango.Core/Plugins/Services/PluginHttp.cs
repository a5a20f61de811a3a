using System.Net;
using Calango.Sdk;

namespace Calango.Core.Plugins;

/// <inheritdoc cref="IPluginHttp"/>
internal sealed class PluginHttp(WebOptions? options = null) : IPluginHttp, IDisposable
{
    private readonly PublicWeb _web = new(options ?? new WebOptions());

    private readonly SocketsHttpHandler _connections = new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        AutomaticDecompression = DecompressionMethods.All,
        // A service's name may move to another address.
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        // A stream that is left early is read on for so long, to keep the connection. Meanwhile the model goes on at
        // somebody's cost: this is enough for the end of a body that is already there, and no more.
        ResponseDrainTimeout = TimeSpan.FromMilliseconds(100),
    };

    public HttpClient CreateClient(HttpLimits limits) =>
        new(new CappedHandler(_connections, limits), disposeHandler: false) { Timeout = Timeout.InfiniteTimeSpan };

    public Task<WebDocument> ReadPublicAsync(Uri address, WebLimits limits, CancellationToken cancellationToken) => _web.ReadAsync(address, limits, cancellationToken);

    /// <summary>Sends to any address.</summary>
    public HttpMessageInvoker CreateInvoker() => new(_connections, disposeHandler: false);

    /// <summary>Sends to an address of the public web only.</summary>
    /// <exception cref="ProviderException">It is none, by its form already.</exception>
    public HttpMessageInvoker CreatePublicInvoker(Uri address) => _web.CreateInvoker(address);

    public void Dispose()
    {
        _connections.Dispose();
        _web.Dispose();
    }
}
