using Calango.Sdk;
using Calango.Sdk.Testing;

namespace Calango.Plugins.Tests.Mcp;

/// <summary>The contract, kept with a real server.</summary>
public abstract class McpConformance : ToolSourceConformance, IAsyncLifetime
{
    private McpServers _servers = null!;
    private ToolServerSettings _server = null!;

    protected override IToolSource Source => _servers.Tools;

    protected override ToolServerSettings Server => _server;

    protected override (ToolCall Call, string Says) Good => (new ToolCall("echo", """{"message":"ação 🦎"}"""), "ação 🦎");

    protected override ToolCall Bad => new("gzip-file-as-resource", """{"name":"x","data":"nonsense:x","outputType":"resource"}""");

    protected override ToolCall? Endless => new("trigger-long-running-operation", """{"duration":60,"steps":1}""");

    public async ValueTask InitializeAsync()
    {
        _servers = new McpServers();
        _server = await StartAsync(_servers);
    }

    public ValueTask DisposeAsync() => _servers?.DisposeAsync() ?? ValueTask.CompletedTask;

    private protected abstract Task<ToolServerSettings> StartAsync(McpServers servers);
}

public sealed class StdioConformanceTests : McpConformance
{
    private protected override Task<ToolServerSettings> StartAsync(McpServers servers) => Task.FromResult(McpServers.Everything());
}

public sealed class HttpConformanceTests : McpConformance
{
    private protected override Task<ToolServerSettings> StartAsync(McpServers servers) => servers.StartHttpAsync(TestEnd);
}
