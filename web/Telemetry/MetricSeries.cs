namespace Calango.Web.Telemetry;

/// <summary>The measurements of one instrument with one set of labels. Thread-safe.</summary>
internal sealed class MetricSeries(IReadOnlyList<KeyValuePair<string, object?>> labels, double[] boundaries)
{
    private readonly Lock _lock = new();
    private readonly long[] _buckets = new long[boundaries.Length + 1];
    private double _sum;

    public IReadOnlyList<KeyValuePair<string, object?>> Labels => labels;

    public void Add(double value)
    {
        lock (_lock)
        {
            _sum += value;
        }
    }

    public void Set(double value)
    {
        lock (_lock)
        {
            _sum = value;
        }
    }

    /// <summary>Counts it in the first bucket whose boundary it does not pass.</summary>
    public void Observe(double value)
    {
        var found = Array.BinarySearch(boundaries, value);
        lock (_lock)
        {
            _buckets[found < 0 ? ~found : found]++;
            _sum += value;
        }
    }

    /// <summary>The sum, or the value where nothing is summed up, and how many fell into each bucket; the last one has no boundary.</summary>
    public (double Sum, long[] Buckets) Read()
    {
        lock (_lock)
        {
            return (_sum, [.. _buckets]);
        }
    }
}
