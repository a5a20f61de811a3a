using Calango.Sdk;
using Microsoft.Extensions.AI;

namespace Calango.Core.Plugins;

/// <summary>A provider that a plugin's process has.</summary>
internal sealed class RemoteProvider(IsolatedCode code, ProviderInfo info) : IModelProvider
{
    public string Id => info.Id;

    public IReadOnlyList<SettingField> Settings => info.Settings;

    public IReadOnlyList<ProviderPreset> Presets => info.Presets;

    public bool CallsTools => info.CallsTools;

    public async Task<IReadOnlyList<ModelInfo>> ListModelsAsync(SettingsValues settings, CancellationToken cancellationToken)
    {
        code.Grants.Learn(settings);
        return WireJson.Read<List<ModelInfo>>(await code.CallAsync(WireMethod.ListModels, WireJson.Write(new ListModelsMessage(Id, settings.ToMessage())), cancellationToken));
    }

    public IChatClient Connect(string modelId, SettingsValues settings)
    {
        code.Grants.Learn(settings);
        return new RemoteChatClient(code, Id, modelId, settings);
    }
}
