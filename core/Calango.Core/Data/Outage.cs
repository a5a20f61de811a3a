namespace Calango.Core.Data;

/// <summary>Says when a trouble that comes back several times a second is worth a line of the log: when it begins, each minute that it lasts, and when it is over. For one loop; not thread-safe.</summary>
internal sealed class Outage(TimeProvider clock)
{
    private static readonly TimeSpan Reminder = TimeSpan.FromMinutes(1);

    private long? _since;
    private long _toldAt;

    /// <summary>The trouble is there. Returns whether to tell of it.</summary>
    public bool Goes()
    {
        if (_since is not null && clock.GetElapsedTime(_toldAt) < Reminder)
        {
            return false;
        }

        _toldAt = clock.GetTimestamp();
        _since ??= _toldAt;
        return true;
    }

    /// <summary>All is well. Returns how long it was not; null: it was well before.</summary>
    public TimeSpan? Ends()
    {
        var lasted = _since is { } since ? clock.GetElapsedTime(since) : (TimeSpan?)null;
        _since = null;
        return lasted;
    }
}
