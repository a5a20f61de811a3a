using System.Collections.Concurrent;
using Calango.Sdk;

namespace Calango.Core.Plugins;

/// <summary>
/// Starts sandboxes on one thread that lives as long as the process: bubblewrap ends what it runs together with the thread
/// that started it (PR_SET_PDEATHSIG), and a thread of the pool may end at any time.
/// </summary>
internal static class SandboxLauncher
{
    private static readonly TimeSpan TryLimit = TimeSpan.FromSeconds(10);
    private static readonly BlockingCollection<Action> Work = Start();

    public static Task<IChildProcess> StartAsync(ChildProcesses processes, ChildProcessStart start)
    {
        var started = new TaskCompletionSource<IChildProcess>(TaskCreationOptions.RunContinuationsAsynchronously);
        Work.Add(() =>
        {
            try
            {
                started.SetResult(processes.Start(start));
            }
            catch (Exception exception)
            {
                started.SetException(exception);
            }
        });
        return started.Task;
    }

    /// <summary>Whether something can be run, and ends well.</summary>
    public static bool Runs(ChildProcessStart start)
    {
        using var process = ChildProcesses.Launch(start);
        return process.WaitForExit(TryLimit) && process.ExitCode == 0;
    }

    private static BlockingCollection<Action> Start()
    {
        var work = new BlockingCollection<Action>();
        new Thread(() =>
        {
            foreach (var action in work.GetConsumingEnumerable())
            {
                action();
            }
        })
        { IsBackground = true, Name = "sandboxes" }.Start();
        return work;
    }
}
