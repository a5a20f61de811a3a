namespace Calango.Core.Plugins;

/// <summary>
/// Loads, starts and checks a plugin on a thread of its own, so that one that hangs is a rejection and nothing more.
/// </summary>
internal sealed class PluginLoader(PluginServices services, IsolationServices isolation, TimeSpan limit)
{
    /// <summary>Loads and starts it in this process.</summary>
    /// <exception cref="PluginRejectedException">It could not be loaded, with the reason.</exception>
    public Task<PluginGeneration> LoadAsync(string folder, PluginManifest manifest) => LoadAsync(folder, manifest, isIsolated: false, isChecked: false, _ => { });

    /// <summary>Loads, starts and checks it.</summary>
    /// <exception cref="PluginRejectedException">It could not be loaded, or cannot work, with the reason.</exception>
    public Task<PluginGeneration> LoadCheckedAsync(string folder, PluginManifest manifest, bool isIsolated, Action<PluginStep> report) =>
        LoadAsync(folder, manifest, isIsolated, isChecked: true, report);

    private async Task<PluginGeneration> LoadAsync(string folder, PluginManifest manifest, bool isIsolated, bool isChecked, Action<PluginStep> report)
    {
        var loaded = new TaskCompletionSource<PluginGeneration>(TaskCreationOptions.RunContinuationsAsynchronously);
        var steps = new PluginSteps(manifest, report);
        using var givenUp = new CancellationTokenSource();
        var givenUpToken = givenUp.Token;
        new Thread(() => Load(folder, manifest, isIsolated, isChecked, steps, loaded, givenUpToken)) { IsBackground = true, Name = $"load {manifest.Id}" }.Start();
        await ((Task)loaded.Task).WaitAsync(limit).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var late = $"it did not finish loading within {limit.TotalSeconds:0} s (step: {steps.Doing})"
            + (isIsolated ? "" : "; what it does there may go on until the server is restarted");
        if (loaded.TrySetException(new PluginRejectedException(late)))
        {
            steps.End(late);
            await givenUp.CancelAsync();
        }

        return await loaded.Task;
    }

    private void Load(string folder, PluginManifest manifest, bool isIsolated, bool isChecked, PluginSteps steps, TaskCompletionSource<PluginGeneration> loaded, CancellationToken givenUp)
    {
        PluginGeneration? generation = null;
        try
        {
            steps.Begin(PluginStepName.Load);
            var calls = services.CallsOf(manifest, isIsolated ? null : PluginGuard.Patience);
            IPluginCode code = isIsolated ? IsolatedCode.Load(folder, manifest, calls, isolation, givenUp) : InProcessCode.Load(folder, manifest, calls, services);
            generation = new PluginGeneration(manifest, calls, code);
            steps.Begin(PluginStepName.Start);
            generation.Start();
            if (isChecked)
            {
                steps.Begin(PluginStepName.Health);
                generation.CheckHealth();
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
