using Calango.Sdk;

namespace Calango.Core.Plugins;

/// <summary>Tools that a plugin's process has.</summary>
internal sealed class RemoteToolSource(IsolatedCode code, ToolSourceInfo info) : IToolSource
{
    public IReadOnlyList<SettingField> Settings => info.Settings;

    public async Task<IReadOnlyList<ToolInfo>> ListAsync(ToolServerSettings server, CancellationToken cancellationToken)
    {
        code.Grants.Learn(server.Values);
        return WireJson.Read<List<ToolInfo>>(await code.CallAsync(WireMethod.ListTools, WireJson.Write(ToolServerMessage.Of(server)), cancellationToken));
    }

    public async Task<ToolResult> InvokeAsync(ToolServerSettings server, ToolCall call, CancellationToken cancellationToken)
    {
        code.Grants.Learn(server.Values);
        return WireJson.Read<ToolResult>(await code.CallAsync(WireMethod.InvokeTool, WireJson.Write(new InvokeToolMessage(ToolServerMessage.Of(server), call)), cancellationToken));
    }

    public Task CloseAsync(Guid serverId) => code.CallAsync(WireMethod.CloseTools, WireJson.Write(serverId), CancellationToken.None);
}
