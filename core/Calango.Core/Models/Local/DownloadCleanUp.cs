using Calango.Core.Jobs;
using Calango.Core.Plugins;

namespace Calango.Core.Models;

/// <summary>Removes half-downloaded models that nobody went on with.</summary>
internal sealed class DownloadCleanUp(PluginHost plugins, TimeProvider clock) : ICleanUp
{
    private static readonly TimeSpan Abandoned = TimeSpan.FromDays(7);

    public async Task<int> RemoveSomeAsync(CancellationToken cancellationToken)
    {
        using var plugin = plugins.LeaseLocalModels();
        return plugin is null ? 0 : await plugin.Generation.LocalModels!.RemoveAbandonedAsync(clock.GetUtcNow() - Abandoned, cancellationToken);
    }
}
