using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Calango.Web.Telemetry;

/// <summary>All measurements of one instrument. Thread-safe.</summary>
internal sealed class MetricFamily
{
    // What labels are made of is bounded by what is connected; should that ever be wrong, memory must not pay for it.
    private const int MaxSeries = 2_000;
    private static readonly KeyValuePair<string, object?>[] Overflow = [new("otel.metric.overflow", "true")];

    private readonly ConcurrentDictionary<KeyValuePair<string, object?>[], MetricSeries> _series = new(LabelComparer.Instance);
    private readonly ConcurrentDictionary<KeyValuePair<string, object?>[], MetricSeries>.AlternateLookup<ReadOnlySpan<KeyValuePair<string, object?>>> _byLabels;
    private int _count;

    public MetricFamily(Instrument instrument)
    {
        _byLabels = _series.GetAlternateLookup<ReadOnlySpan<KeyValuePair<string, object?>>>();
        // The runtime calls the length of its queue a counter, though it falls as well.
        Kind = instrument.Name == "dotnet.thread_pool.queue.length" ? MetricKind.Gauge : KindOf(instrument.GetType().GetGenericTypeDefinition());
        Boundaries = instrument is Histogram<double> { Advice.HistogramBucketBoundaries: { } boundaries } ? [.. boundaries] : [];
        IsObserved = instrument.IsObservable;
        Name = MetricNames.Of(instrument, Kind);
        Help = instrument.Description ?? "";
    }

    public MetricKind Kind { get; }

    /// <summary>Of a histogram's buckets, ascending.</summary>
    public double[] Boundaries { get; }

    /// <summary>As Prometheus has it.</summary>
    public string Name { get; }

    public string Help { get; }

    public IEnumerable<MetricSeries> Series => _series.Values;

    private bool IsObserved { get; }

    public void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> labels)
    {
        var series = _byLabels.TryGetValue(labels, out var known) ? known : Add(labels.ToArray());
        if (Kind == MetricKind.Histogram)
        {
            series.Observe(value);
        }
        else if (IsObserved)
        {
            series.Set(value);
        }
        else
        {
            series.Add(value);
        }
    }

    private MetricSeries Add(KeyValuePair<string, object?>[] labels)
    {
        var kept = Interlocked.Increment(ref _count) <= MaxSeries ? labels : Overflow;
        return _series.GetOrAdd(kept, static (labels, boundaries) => new MetricSeries(labels, boundaries), Boundaries);
    }

    private static MetricKind KindOf(Type type) =>
        type == typeof(Histogram<>) ? MetricKind.Histogram
        : type == typeof(Counter<>) || type == typeof(ObservableCounter<>) ? MetricKind.Counter
        : MetricKind.Gauge;
}

/// <summary>How Prometheus reads a metric.</summary>
internal enum MetricKind
{
    /// <summary>Only grows.</summary>
    Counter,

    /// <summary>Goes up and down.</summary>
    Gauge,

    /// <summary>How many fell into each bucket.</summary>
    Histogram,
}
