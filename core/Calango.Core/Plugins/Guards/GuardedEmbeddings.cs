using Calango.Sdk;
using Microsoft.Extensions.AI;

namespace Calango.Core.Plugins;

/// <summary>A plugin's embedding models behind the guard. Lists are copied: the plugin's may be of a type of its own.</summary>
internal sealed class GuardedEmbeddings(PluginCalls calls, IEmbeddingProvider provider)
{
    public Task<IReadOnlyList<EmbeddingModelInfo>> ListAsync(SettingsValues settings, CancellationToken cancellationToken) => PluginGuard.RunAsync<IReadOnlyList<EmbeddingModelInfo>>(
        calls,
        async token => [.. (await provider.ListEmbeddingModelsAsync(settings, token)).Select(model => model with { Languages = [.. model.Languages] })],
        cancellationToken);

    public Task<IReadOnlyList<int>?> CountTokensAsync(string modelId, SettingsValues settings, IReadOnlyList<string> texts, CancellationToken cancellationToken) => PluginGuard.RunAsync<IReadOnlyList<int>?>(
        calls,
        async token => await provider.CountTokensAsync(modelId, texts, settings, token) is { } counts ? [.. counts] : null,
        cancellationToken);

    public Task<EmbeddedTexts> EmbedAsync(string modelId, SettingsValues settings, IReadOnlyList<string> texts, int? dimensions, CancellationToken cancellationToken) => PluginGuard.RunAsync(
        calls,
        async token =>
        {
            using var generator = provider.ConnectEmbeddings(modelId, settings);
            var found = await generator.GenerateAsync(texts, new EmbeddingGenerationOptions { Dimensions = dimensions }, token);
            return new EmbeddedTexts([.. found.Select(embedding => embedding.Vector.ToArray())], found.Usage?.InputTokenCount);
        },
        cancellationToken);
}
