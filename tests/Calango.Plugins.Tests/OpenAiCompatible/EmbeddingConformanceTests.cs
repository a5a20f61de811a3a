using System.Net;
using System.Net.Sockets;
using Calango.Core.Plugins;
using Calango.Plugins.OpenAiCompatible;
using Calango.Sdk;
using Calango.Sdk.Testing;
using Calango.Tests.Support.Upstream;

namespace Calango.Plugins.Tests.OpenAiCompatible;

public sealed class EmbeddingConformanceTests : EmbeddingProviderConformance, IAsyncLifetime
{
    private readonly PluginHttp _http = new();
    private readonly TcpListener _silentPort = new(IPAddress.Loopback, 0);
    private ScriptedUpstream _upstream = null!;

    public EmbeddingConformanceTests() => Provider = new OpenAiCompatibleProvider(_http);

    protected override IEmbeddingProvider Provider { get; }

    protected override string ModelId => "acme-embed";

    protected override SettingsValues Settings => At(_upstream.Address.AbsoluteUri);

    public async ValueTask InitializeAsync()
    {
        _upstream = await ScriptedUpstream.StartAsync();
        _upstream.Models = ["fake", ModelId];
        _silentPort.Start();
    }

    public async ValueTask DisposeAsync()
    {
        await _upstream.DisposeAsync();
        _http.Dispose();
        _silentPort.Dispose();
    }

    protected override string? TooLong()
    {
        _upstream.Answer("/v1/embeddings", """{"error":{"message":"maximum context length is 8192 tokens","code":"context_length_exceeded"}}""", status: 400);
        return "as the service finds it";
    }

    protected override SettingsValues? Stalled() => At($"http://{_silentPort.LocalEndpoint}/v1");

    private static SettingsValues At(string address) => new(new Dictionary<string, string> { ["address"] = address });
}
