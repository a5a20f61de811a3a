namespace Calango.Core.Events;

/// <summary>Counts what happens often, to be told once a minute at most. Thread-safe.</summary>
internal sealed class Occasionally(TimeProvider clock)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private long? _toldAt;
    private long _untold;

    /// <summary>Adds to the count. Returns what is to be told now, all that was added since the last time; 0: nothing yet.</summary>
    public long Add(int count)
    {
        lock (_lock)
        {
            _untold += count;
            return _toldAt is { } told && clock.GetElapsedTime(told) < Interval ? 0 : Tell();
        }
    }

    /// <summary>What was not told yet, at the end.</summary>
    public long Rest()
    {
        lock (_lock)
        {
            return Tell();
        }
    }

    private long Tell()
    {
        (var count, _untold, _toldAt) = (_untold, 0, clock.GetTimestamp());
        return count;
    }
}
