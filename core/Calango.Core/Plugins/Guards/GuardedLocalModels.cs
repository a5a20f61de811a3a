using Calango.Sdk;

namespace Calango.Core.Plugins;

/// <summary>A plugin's local models behind the guard.</summary>
internal sealed class GuardedLocalModels(PluginCalls calls, ILocalModels models) : ILocalModels
{
    /// <summary>Those that embed; null: it has none.</summary>
    public GuardedEmbeddings? Embeddings { get; } = models is IEmbeddingProvider embeddings ? new GuardedEmbeddings(calls, embeddings) : null;

    public LocalDevices Devices => PluginGuard.Run(calls, () => models.Devices);

    public Task<IReadOnlyList<LocalModel>> ListAsync(CancellationToken cancellationToken) => PluginGuard.RunAsync<IReadOnlyList<LocalModel>>(
        calls, async token => [.. await models.ListAsync(token)], cancellationToken);

    public IAsyncEnumerable<InstallProgress> InstallAsync(string modelId, CancellationToken cancellationToken) =>
        PluginGuard.StreamAsync(calls, token => models.InstallAsync(modelId, token), null, cancellationToken);

    public Task RemoveAsync(string modelId, CancellationToken cancellationToken) => PluginGuard.RunAsync(
        calls, async token => { await models.RemoveAsync(modelId, token); return true; }, cancellationToken);

    public Task<int> RemoveAbandonedAsync(DateTimeOffset since, CancellationToken cancellationToken) =>
        PluginGuard.RunAsync(calls, token => models.RemoveAbandonedAsync(since, token), cancellationToken);

    public Task<ILocalEndpoint> AcquireAsync(string modelId, int? contextTokens, CancellationToken cancellationToken) =>
        PluginGuard.RunAsync<ILocalEndpoint>(
            calls, async token => new GuardedEndpoint(calls, await models.AcquireAsync(modelId, contextTokens, token)), cancellationToken);

    private sealed class GuardedEndpoint(PluginCalls calls, ILocalEndpoint endpoint) : ILocalEndpoint
    {
        public Uri Address { get; } = endpoint.Address;

        public string Key { get; } = endpoint.Key;

        // Whoever gives it back has their answer already: what goes wrong now is only counted.
        public async ValueTask DisposeAsync() =>
            await ((Task)PluginGuard.RunAsync(calls, async _ => { await endpoint.DisposeAsync(); return true; }, CancellationToken.None))
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
