using Calango.Sdk;

namespace Calango.Core.Plugins;

/// <summary>A plugin's models that judge texts behind the guard. Lists are copied: the plugin's may be of a type of its own.</summary>
internal sealed class GuardedReranker(PluginCalls calls, IReranker reranker)
{
    public Task<IReadOnlyList<ModelInfo>> ListAsync(SettingsValues settings, CancellationToken cancellationToken) =>
        PluginGuard.RunAsync<IReadOnlyList<ModelInfo>>(calls, async token => [.. await reranker.ListRerankersAsync(settings, token)], cancellationToken);

    public Task<IReadOnlyList<double>> RerankAsync(string modelId, SettingsValues settings, string question, IReadOnlyList<string> texts, CancellationToken cancellationToken) =>
        PluginGuard.RunAsync<IReadOnlyList<double>>(calls, async token => [.. await reranker.RerankAsync(modelId, question, texts, settings, token)], cancellationToken);
}
