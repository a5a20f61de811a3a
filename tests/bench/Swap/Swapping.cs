using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;
using Calango.Core.Plugins;

namespace Calango.Bench.Swap;

/// <summary>Swaps the plugin again and again, and keeps what each step took.</summary>
internal sealed class Swapping(SwappedServer server)
{
    private static readonly TimeSpan LongestUnload = TimeSpan.FromMinutes(1);

    private readonly ConcurrentQueue<PluginStep> _steps = [];
    private readonly List<double> _wholes = [];
    private readonly List<WeakReference> _code = [];

    public int Done { get; private set; }

    public TimeSpan Took { get; private set; }

    /// <summary>The exchange itself, without the wait for a place to drain; microseconds.</summary>
    public double Activation => MedianOf(PluginStepName.Activate) * 1000;

    /// <summary>Milliseconds.</summary>
    public double Whole => Median(_wholes);

    /// <summary>From the last call's end until the code has left the memory; milliseconds.</summary>
    public double Unload => MedianOf(PluginStepName.Unload);

    public async Task RunAsync(int swaps, Task failure)
    {
        var start = Stopwatch.GetTimestamp();
        for (var swap = 1; swap <= swaps && !failure.IsCompleted; swap++)
        {
            _code.AddRange(CodeOf($"counting 1.0.{swap - 1}"));
            var folder = server.AddVersion(swap);
            var since = Stopwatch.GetTimestamp();
            await server.Plugins.ActivateAsync(folder, PluginManifest.Read(folder), isIsolated: false, Take, CancellationToken.None);
            _wholes.Add(Stopwatch.GetElapsedTime(since).TotalMilliseconds);
            Done = swap;
            if (swap % 100 == 0)
            {
                Console.Error.WriteLine($"… {swap} swaps, {Stopwatch.GetElapsedTime(start).TotalSeconds:0} s, heap {GC.GetTotalMemory(false) / 1e6:0} MB");
            }
        }

        Took = Stopwatch.GetElapsedTime(start);
    }

    /// <summary>How many of the versions that were replaced are still in memory, once each had a minute to leave.</summary>
    public async Task<int> AliveAsync()
    {
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        for (var since = Stopwatch.GetTimestamp(); _code.Exists(context => context.IsAlive) && Stopwatch.GetElapsedTime(since) < LongestUnload;)
        {
            GC.Collect();
            await tick.WaitForNextTickAsync();
        }

        return _code.Count(context => context.IsAlive);
    }

    private void Take(PluginStep step)
    {
        if (step.Took is not null)
        {
            _steps.Enqueue(step);
        }
    }

    private double MedianOf(PluginStepName name) => Median([.. _steps.Where(step => step.Name == name).Select(step => step.Took!.Value.TotalMilliseconds)]);

    private static double Median(List<double> values) => values.Count == 0 ? double.NaN : values.Order().ElementAt(values.Count / 2);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static IEnumerable<WeakReference> CodeOf(string name) =>
        [.. AssemblyLoadContext.All.Where(context => context.Name == name).Select(context => new WeakReference(context, trackResurrection: true))];
}
