using Calango.Sdk;

namespace Calango.Core.Plugins;

/// <summary>A plugin's local models behind the guard.</summary>
internal sealed class GuardedLocalModels(string pluginId, ILocalModels models) : ILocalModels
{
    public LocalDevices Devices => PluginGuard.Run(pluginId, () => models.Devices);

    public Task<IReadOnlyList<LocalModel>> ListAsync(CancellationToken cancellationToken) => PluginGuard.RunAsync<IReadOnlyList<LocalModel>>(
        pluginId, async () => [.. await models.ListAsync(cancellationToken)], cancellationToken);

    public IAsyncEnumerable<InstallProgress> InstallAsync(string modelId, CancellationToken cancellationToken) =>
        PluginGuard.StreamAsync(pluginId, token => models.InstallAsync(modelId, token), cancellationToken);

    public Task RemoveAsync(string modelId, CancellationToken cancellationToken) => PluginGuard.RunAsync(
        pluginId, async () => { await models.RemoveAsync(modelId, cancellationToken); return true; }, cancellationToken);

    public Task<int> RemoveAbandonedAsync(DateTimeOffset since, CancellationToken cancellationToken) =>
        PluginGuard.RunAsync(pluginId, () => models.RemoveAbandonedAsync(since, cancellationToken), cancellationToken);

    public Task<ILocalEndpoint> AcquireAsync(string modelId, int? contextTokens, CancellationToken cancellationToken) =>
        PluginGuard.RunAsync(pluginId, () => models.AcquireAsync(modelId, contextTokens, cancellationToken), cancellationToken);
}
