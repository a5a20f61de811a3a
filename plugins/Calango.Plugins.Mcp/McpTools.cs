using System.Collections.Concurrent;
using System.Text.Json;
using Calango.Sdk;

namespace Calango.Plugins.Mcp;

/// <summary>
/// Tools of servers that speak the Model Context Protocol (modelcontextprotocol.io/specification). A server stays connected
/// until it is closed; one whose connection broke is connected anew by the next who needs it. Who has a token of their own
/// has a connection of their own, which ends after a while without a call: there may be thousands of people.
/// </summary>
public sealed class McpTools(IPluginHttp http, IChildProcesses processes, PluginContext context, TimeProvider clock) : IToolSource, IAsyncDisposable
{
    private static readonly TimeSpan LongestIdle = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<(Guid Id, Guid? Person), McpServer> _servers = new();

    /// <inheritdoc/>
    public IReadOnlyList<SettingField> Settings { get; } = SettingsSchema.Of<McpSettings>();

    /// <inheritdoc/>
    public Task<IReadOnlyList<ToolInfo>> ListAsync(ToolServerSettings server, CancellationToken cancellationToken) =>
        UseAsync(server, (connection, token) => connection.ListAsync(token), cancellationToken);

    /// <inheritdoc/>
    public async Task<ToolResult> InvokeAsync(ToolServerSettings server, ToolCall call, CancellationToken cancellationToken)
    {
        var arguments = ArgumentsOf(call);
        return await UseAsync(server, (connection, token) => connection.CallAsync(call.Tool, arguments, token), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public Task CloseAsync(Guid serverId) => CloseAsync((key, _) => key.Id == serverId);

    /// <inheritdoc/>
    public Task CloseAsync(Guid serverId, Guid person) => CloseAsync((key, _) => key == (serverId, person));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await CloseAsync((_, _) => true).ConfigureAwait(false);

    private async Task<T> UseAsync<T>(ToolServerSettings settings, Func<McpConnection, CancellationToken, Task<T>> use, CancellationToken cancellationToken)
    {
        _ = CloseAsync((key, idle) => key.Person is not null && idle.TryRetire(LongestIdle));
        var server = Enter((settings.Id, settings.Person));
        try
        {
            return await server.RunAsync(settings, use, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            server.Leave();
        }
    }

    private McpServer Enter((Guid Id, Guid? Person) key)
    {
        while (true)
        {
            var server = _servers.GetOrAdd(key, _ => new McpServer(http, processes, clock, context.Stopping));
            if (server.TryEnter())
            {
                return server;
            }

            // It is being closed: another takes its place.
            _servers.TryRemove(KeyValuePair.Create(key, server));
        }
    }

    private Task CloseAsync(Func<(Guid Id, Guid? Person), McpServer, bool> which) => Task.WhenAll(_servers.Where(pair => which(pair.Key, pair.Value)).Select(pair =>
    {
        // This very one: it may have been replaced a moment ago.
        _servers.TryRemove(pair);
        return pair.Value.DisposeAsync().AsTask();
    }));

    private static Dictionary<string, object?> ArgumentsOf(ToolCall call)
    {
        using var document = JsonDocument.Parse(call.Arguments);
        return document.RootElement.ValueKind == JsonValueKind.Object
            ? document.RootElement.EnumerateObject().ToDictionary(property => property.Name, property => (object?)property.Value.Clone(), StringComparer.Ordinal)
            : throw new ProviderException(ProviderErrorKind.InvalidRequest);
    }
}
