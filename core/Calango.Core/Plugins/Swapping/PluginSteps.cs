using System.Diagnostics;

namespace Calango.Core.Plugins;

/// <summary>Tells the steps of one generation, one after another, and nothing more once one has failed. Thread-safe.</summary>
internal sealed class PluginSteps(PluginManifest manifest, Action<PluginStep> report)
{
    private readonly Lock _lock = new();
    private PluginStepName? _doing;
    private long _since;
    private bool _failed;

    /// <summary>The step that was begun last.</summary>
    public PluginStepName Doing { get; private set; }

    /// <summary>Ends the step before, if any, and begins another.</summary>
    public void Begin(PluginStepName step)
    {
        lock (_lock)
        {
            End(null);
            (Doing, _doing, _since) = (step, step, Stopwatch.GetTimestamp());
            Tell(null, null);
        }
    }

    /// <summary>The step waits for something; null: no longer, and its time counts from now.</summary>
    public void Wait(string? reason)
    {
        lock (_lock)
        {
            _since = Stopwatch.GetTimestamp();
            Tell(null, reason);
        }
    }

    /// <summary>Ends the step.</summary>
    /// <param name="reason">Why it failed; null: it didn't.</param>
    public void End(string? reason)
    {
        lock (_lock)
        {
            if (_doing is not null)
            {
                Tell(Stopwatch.GetElapsedTime(_since), reason);
                _doing = null;
            }

            _failed |= reason is not null;
        }
    }

    private void Tell(TimeSpan? took, string? reason)
    {
        if (!_failed)
        {
            report(new PluginStep(manifest.Id, manifest.Version, Doing, took, reason));
        }
    }
}
