using Calango.Sdk;

namespace Calango.Core.Plugins;

/// <summary>A plugin's tools behind the guard. What it lists and says is copied: it may be of types of its own.</summary>
internal sealed class GuardedToolSource(PluginCalls calls, string name, IToolSource source)
{
    public ToolSourceInfo Info { get; } = new(calls.PluginId, name, [.. source.Settings.Select(field => field with { Choices = [.. field.Choices] })], source.HasOneServer);

    public Task<IReadOnlyList<ToolInfo>> ListAsync(ToolServerSettings server, CancellationToken cancellationToken) => PluginGuard.RunAsync<IReadOnlyList<ToolInfo>>(
        calls, async token => [.. (await source.ListAsync(server, token)).Select(tool => new ToolInfo(tool.Name, tool.Description, tool.Schema, tool.Effect) { Title = tool.Title })], cancellationToken);

    public Task<ToolResult> InvokeAsync(ToolServerSettings server, ToolCall call, CancellationToken cancellationToken) => PluginGuard.RunAsync(
        calls, async token => await source.InvokeAsync(server, call, token) is var result ? new ToolResult(result.Text, result.IsError) : null!, cancellationToken);

    public Task CloseAsync(Guid serverId) => PluginGuard.RunAsync(
        calls, async _ => { await source.CloseAsync(serverId); return true; }, CancellationToken.None);

    public Task CloseAsync(Guid serverId, Guid person) => PluginGuard.RunAsync(
        calls, async _ => { await source.CloseAsync(serverId, person); return true; }, CancellationToken.None);
}
