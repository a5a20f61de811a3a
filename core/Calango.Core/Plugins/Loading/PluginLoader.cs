namespace Calango.Core.Plugins;

/// <summary>Loads a plugin on a thread of its own, so that one that hangs is a rejection and nothing more.</summary>
internal sealed class PluginLoader(PluginServices services, TimeSpan limit)
{
    /// <exception cref="PluginRejectedException">It could not be loaded, with the reason.</exception>
    public async Task<PluginGeneration> LoadAsync(string folder, PluginManifest manifest)
    {
        var loaded = new TaskCompletionSource<PluginGeneration>(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() => Load(folder, manifest, loaded)) { IsBackground = true, Name = $"load {manifest.Id}" }.Start();
        await ((Task)loaded.Task).WaitAsync(limit).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        loaded.TrySetException(new PluginRejectedException($"it did not finish loading within {limit.TotalSeconds:0} s"));
        return await loaded.Task;
    }

    private void Load(string folder, PluginManifest manifest, TaskCompletionSource<PluginGeneration> loaded)
    {
        try
        {
            var generation = PluginGeneration.Load(folder, manifest, services);
            if (!loaded.TrySetResult(generation))
            {
                // Nobody waits for it any more.
                _ = generation.StopAsync(TimeSpan.Zero);
            }
        }
        catch (PluginRejectedException exception)
        {
            loaded.TrySetException(exception);
        }
        catch (Exception exception)
        {
            var cause = exception.GetBaseException();
            loaded.TrySetException(new PluginRejectedException($"{cause.GetType().FullName}: {cause.Message}"));
        }
    }
}
