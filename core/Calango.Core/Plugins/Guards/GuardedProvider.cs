using Calango.Sdk;
using Microsoft.Extensions.AI;

namespace Calango.Core.Plugins;

/// <summary>A plugin's provider behind the guard. Lists are copied: the plugin's may be of a type of its own.</summary>
internal sealed class GuardedProvider(PluginCalls calls, IModelProvider provider, IReranker? reranker)
{
    // Nothing is asked of anybody yet.
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(10);

    public ProviderInfo Info { get; } = new(
        provider.Id,
        calls.PluginId,
        [.. provider.Settings.Select(field => field with { Choices = [.. field.Choices] })],
        [.. provider.Presets.Select(preset => preset with { Values = new Dictionary<string, string>(preset.Values) })])
    {
        CallsTools = provider.CallsTools,
        Embeds = provider is IEmbeddingProvider,
        Reranks = reranker is not null,
    };

    /// <summary>Its embedding models; null: it has none.</summary>
    public GuardedEmbeddings? Embeddings { get; } = provider is IEmbeddingProvider embeddings ? new GuardedEmbeddings(calls, embeddings) : null;

    /// <summary>Its models that judge texts; null: it has none.</summary>
    public GuardedReranker? Reranker { get; } = reranker is null ? null : new GuardedReranker(calls, reranker);

    public Task<IReadOnlyList<ModelInfo>> ListModelsAsync(SettingsValues settings, CancellationToken cancellationToken) => PluginGuard.RunAsync<IReadOnlyList<ModelInfo>>(
        calls, async token => [.. await provider.ListModelsAsync(settings, token)], cancellationToken);

    /// <summary>As <see cref="Connect"/>, but one that does not come back fails.</summary>
    /// <exception cref="PluginFault">It took too long, or failed where it must not.</exception>
    public async Task<IChatClient> ConnectAsync(string modelId, SettingsValues settings, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(ConnectLimit);
        try
        {
            return await PluginGuard.RunAsync<IChatClient>(calls, _ => Task.FromResult<IChatClient>(new GuardedChatClient(calls, provider.Connect(modelId, settings))), limit.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new PluginFault(calls.PluginId, typeof(TimeoutException).FullName!, "");
        }
    }

    public IChatClient Connect(string modelId, SettingsValues settings) =>
        new GuardedChatClient(calls, PluginGuard.Run(calls, () => provider.Connect(modelId, settings)));
}
