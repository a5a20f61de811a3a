namespace Calango.Core.Plugins;

/// <summary>
/// Loads, starts and checks a plugin on a thread of its own, so that one that hangs is a rejection and nothing more.
/// </summary>
internal sealed class PluginLoader(PluginServices services, TimeSpan limit)
{
    /// <summary>Loads and starts it.</summary>
    /// <exception cref="PluginRejectedException">It could not be loaded, with the reason.</exception>
    public Task<PluginGeneration> LoadAsync(string folder, PluginManifest manifest) => LoadAsync(folder, manifest, isChecked: false, _ => { });

    /// <summary>Loads, starts and checks it.</summary>
    /// <exception cref="PluginRejectedException">It could not be loaded, or cannot work, with the reason.</exception>
    public Task<PluginGeneration> LoadCheckedAsync(string folder, PluginManifest manifest, Action<PluginStep> report) =>
        LoadAsync(folder, manifest, isChecked: true, report);

    private async Task<PluginGeneration> LoadAsync(string folder, PluginManifest manifest, bool isChecked, Action<PluginStep> report)
    {
        var loaded = new TaskCompletionSource<PluginGeneration>(TaskCreationOptions.RunContinuationsAsynchronously);
        var steps = new PluginSteps(manifest, report);
        new Thread(() => Load(folder, manifest, isChecked, steps, loaded)) { IsBackground = true, Name = $"load {manifest.Id}" }.Start();
        await ((Task)loaded.Task).WaitAsync(limit).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var late = $"it did not finish loading within {limit.TotalSeconds:0} s (step: {steps.Doing})";
        if (loaded.TrySetException(new PluginRejectedException(late)))
        {
            steps.End(late);
        }

        return await loaded.Task;
    }

    private void Load(string folder, PluginManifest manifest, bool isChecked, PluginSteps steps, TaskCompletionSource<PluginGeneration> loaded)
    {
        PluginGeneration? generation = null;
        try
        {
            steps.Begin(PluginStepName.Load);
            generation = PluginGeneration.Load(folder, manifest, services);
            steps.Begin(PluginStepName.Start);
            generation.Start();
            if (isChecked)
            {
                steps.Begin(PluginStepName.Health);
                PluginHealth.Check(generation);
            }

            steps.End(null);
        }
        catch (Exception exception)
        {
            var reason = ReasonOf(exception);
            steps.End(reason);
            loaded.TrySetException(new PluginRejectedException(reason));
            _ = generation?.StopAsync(TimeSpan.Zero);
            return;
        }

        if (!loaded.TrySetResult(generation))
        {
            // Nobody waits for it any more.
            _ = generation.StopAsync(TimeSpan.Zero);
        }
    }

    private static string ReasonOf(Exception exception) => exception switch
    {
        PluginRejectedException => exception.Message,
        PluginFault fault => $"it failed with {fault.ExceptionType}",
        _ => $"{exception.GetBaseException().GetType().FullName}: {exception.GetBaseException().Message}",
    };
}
