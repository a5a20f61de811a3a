using Calango.Sdk;
using Microsoft.Extensions.AI;

namespace Calango.Core.Plugins;

/// <summary>A provider that a plugin's process has.</summary>
internal class RemoteProvider(IsolatedCode code, ProviderInfo info) : IModelProvider
{
    protected IsolatedCode Code { get; } = code;

    public string Id => info.Id;

    public IReadOnlyList<SettingField> Settings => info.Settings;

    public IReadOnlyList<ProviderPreset> Presets => info.Presets;

    public bool CallsTools => info.CallsTools;

    public async Task<IReadOnlyList<ModelInfo>> ListModelsAsync(SettingsValues settings, CancellationToken cancellationToken)
    {
        Code.Grants.Learn(settings);
        return WireJson.Read<List<ModelInfo>>(await Code.CallAsync(WireMethod.ListModels, WireJson.Write(new ListModelsMessage(Id, settings.ToMessage())), cancellationToken));
    }

    public IChatClient Connect(string modelId, SettingsValues settings)
    {
        Code.Grants.Learn(settings);
        return new RemoteChatClient(Code, Id, modelId, settings);
    }
}
