using Calango.Sdk;

namespace Calango.Core.Plugins;

/// <summary>The models of a provider that a plugin's process has, of those that judge texts.</summary>
internal sealed class RemoteReranker(IsolatedCode code, string provider) : IReranker
{
    public async Task<IReadOnlyList<double>> RerankAsync(string modelId, string question, IReadOnlyList<string> texts, SettingsValues settings, CancellationToken cancellationToken)
    {
        code.Grants.Learn(settings);
        var message = new RerankMessage(provider, modelId, settings.ToMessage(), question, texts);
        return WireJson.Read<List<double>>(await code.CallAsync(WireMethod.Rerank, WireJson.Write(message), cancellationToken));
    }

    public async Task<IReadOnlyList<ModelInfo>> ListRerankersAsync(SettingsValues settings, CancellationToken cancellationToken)
    {
        code.Grants.Learn(settings);
        return WireJson.Read<List<ModelInfo>>(await code.CallAsync(WireMethod.ListRerankers, WireJson.Write(new ListModelsMessage(provider, settings.ToMessage())), cancellationToken));
    }
}
