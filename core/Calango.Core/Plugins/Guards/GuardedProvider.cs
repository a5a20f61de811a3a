using Calango.Sdk;
using Microsoft.Extensions.AI;

namespace Calango.Core.Plugins;

/// <summary>A plugin's provider behind the guard. Lists are copied: the plugin's may be of a type of its own.</summary>
internal sealed class GuardedProvider(PluginCalls calls, IModelProvider provider)
{
    public ProviderInfo Info { get; } = new(
        provider.Id,
        calls.PluginId,
        [.. provider.Settings.Select(field => field with { Choices = [.. field.Choices] })],
        [.. provider.Presets.Select(preset => preset with { Values = new Dictionary<string, string>(preset.Values) })])
    {
        CallsTools = provider.CallsTools,
        Embeds = provider is IEmbeddingProvider,
    };

    public Task<IReadOnlyList<ModelInfo>> ListModelsAsync(SettingsValues settings, CancellationToken cancellationToken) => PluginGuard.RunAsync<IReadOnlyList<ModelInfo>>(
        calls, async token => [.. await provider.ListModelsAsync(settings, token)], cancellationToken);

    public IChatClient Connect(string modelId, SettingsValues settings) =>
        new GuardedChatClient(calls, PluginGuard.Run(calls, () => provider.Connect(modelId, settings)));

    /// <summary>Only where it is said to embed.</summary>
    public Task<EmbeddedTexts> EmbedAsync(string modelId, SettingsValues settings, IReadOnlyList<string> texts, int? dimensions, CancellationToken cancellationToken) => PluginGuard.RunAsync(
        calls,
        async token =>
        {
            using var generator = ((IEmbeddingProvider)provider).ConnectEmbeddings(modelId, settings);
            var found = await generator.GenerateAsync(texts, new EmbeddingGenerationOptions { Dimensions = dimensions }, token);
            return new EmbeddedTexts([.. found.Select(embedding => embedding.Vector.ToArray())], found.Usage?.InputTokenCount);
        },
        cancellationToken);
}
