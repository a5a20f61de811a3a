using System.Diagnostics;
using System.Diagnostics.Metrics;
using Calango.Core.Telemetry;

namespace Calango.Core.Jobs;

/// <summary>Measures the jobs. Thread-safe.</summary>
internal sealed class JobTelemetry
{
    private const string Job = "calango.job.name";
    private static readonly double[] Boundaries = [0.01, 0.1, 1, 10, 60, 600, 3600];

    private readonly Histogram<double> _duration;
    private readonly Counter<long> _removed;

    public JobTelemetry(IMeterFactory meters)
    {
        var meter = meters.Create(Instrumentation.Name);
        _duration = meter.CreateHistogram("calango.job.duration", "s", "How long jobs ran.", Boundaries);
        _removed = meter.CreateCounter<long>("calango.job.removed", "{item}", "What jobs removed.");
    }

    public void Removed(string job, int count) => _removed.Add(count, new KeyValuePair<string, object?>(Job, job));

    /// <param name="job">The job.</param>
    /// <param name="duration">How long it ran.</param>
    /// <param name="error">What it failed with; null: it didn't.</param>
    public void Ended(string job, TimeSpan duration, string? error)
    {
        var tags = new TagList { { Job, job } };
        if (error is not null)
        {
            tags.Add(Instrumentation.ErrorType, error);
        }

        _duration.Record(duration.TotalSeconds, tags);
    }
}
