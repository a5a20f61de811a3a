using Calango.Sdk;

namespace Calango.Core.Plugins;

/// <summary>Tools that a plugin's process has.</summary>
internal sealed class RemoteToolSource(IsolatedCode code, ToolSourceInfo info) : IToolSource
{
    public IReadOnlyList<SettingField> Settings => info.Settings;

    public bool HasOneServer => info.HasOneServer;

    public async Task<IReadOnlyList<ToolInfo>> ListAsync(ToolServerSettings server, CancellationToken cancellationToken)
    {
        Learn(server);
        return WireJson.Read<List<ToolInfo>>(await code.CallAsync(WireMethod.ListTools, WireJson.Write(ToolServerMessage.Of(server)), cancellationToken));
    }

    public async Task<ToolResult> InvokeAsync(ToolServerSettings server, ToolCall call, CancellationToken cancellationToken)
    {
        Learn(server);
        return WireJson.Read<ToolResult>(await code.CallAsync(WireMethod.InvokeTool, WireJson.Write(new InvokeToolMessage(ToolServerMessage.Of(server), call)), cancellationToken));
    }

    public Task CloseAsync(Guid serverId) => CloseAsync(new CloseToolsMessage(serverId, null));

    public Task CloseAsync(Guid serverId, Guid person) => CloseAsync(new CloseToolsMessage(serverId, person));

    private Task CloseAsync(CloseToolsMessage message) => code.CallAsync(WireMethod.CloseTools, WireJson.Write(message), CancellationToken.None);

    // What a person enters opens no way into the server's own network: an administrator alone does.
    private void Learn(ToolServerSettings server) => code.Grants.Learn(new SettingsValues(
        info.Settings.Where(field => field.Level == SettingLevel.Administrator && server.Values[field.Name] is not null).ToDictionary(field => field.Name, field => server.Values[field.Name]!)));
}
