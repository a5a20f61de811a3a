using System.Collections.Concurrent;
using System.Text.Json;
using Calango.Sdk;

namespace Calango.Plugins.Mcp;

/// <summary>
/// Tools of servers that speak the Model Context Protocol (modelcontextprotocol.io/specification). A server stays connected
/// until it is closed; one whose connection broke is connected anew by the next who needs it.
/// </summary>
public sealed class McpTools(IPluginHttp http, IChildProcesses processes, PluginContext context) : IToolSource, IAsyncDisposable
{
    private readonly ConcurrentDictionary<Guid, McpServer> _servers = new();

    /// <inheritdoc/>
    public IReadOnlyList<SettingField> Settings { get; } = SettingsSchema.Of<McpSettings>();

    /// <inheritdoc/>
    public Task<IReadOnlyList<ToolInfo>> ListAsync(ToolServerSettings server, CancellationToken cancellationToken) =>
        ServerOf(server).RunAsync(server, (connection, token) => connection.ListAsync(token), cancellationToken);

    /// <inheritdoc/>
    public async Task<ToolResult> InvokeAsync(ToolServerSettings server, ToolCall call, CancellationToken cancellationToken)
    {
        var arguments = ArgumentsOf(call);
        return await ServerOf(server).RunAsync(server, (connection, token) => connection.CallAsync(call.Tool, arguments, token), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task CloseAsync(Guid serverId)
    {
        if (_servers.TryRemove(serverId, out var server))
        {
            await server.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await Task.WhenAll(_servers.Keys.Select(CloseAsync)).ConfigureAwait(false);

    private McpServer ServerOf(ToolServerSettings server) => _servers.GetOrAdd(server.Id, _ => new McpServer(http, processes, context.Stopping));

    private static Dictionary<string, object?> ArgumentsOf(ToolCall call)
    {
        using var document = JsonDocument.Parse(call.Arguments);
        return document.RootElement.ValueKind == JsonValueKind.Object
            ? document.RootElement.EnumerateObject().ToDictionary(property => property.Name, property => (object?)property.Value.Clone(), StringComparer.Ordinal)
            : throw new ProviderException(ProviderErrorKind.InvalidRequest);
    }
}
