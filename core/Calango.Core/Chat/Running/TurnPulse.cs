namespace Calango.Core.Chat;

/// <summary>
/// One clock for all readers of running turns: text that comes between two beats is sent together. A person sees no
/// difference; a server with a thousand streams does a tenth of the work.
/// </summary>
public sealed class TurnPulse : IDisposable
{
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(15);

    private readonly Lock _lock = new();
    private readonly ITimer _timer;
    private HashSet<TurnLog> _waiting = [];
    private bool _armed;

    /// <summary>Makes a pulse; it beats only while something waits for it.</summary>
    public TurnPulse(TimeProvider clock) => _timer = clock.CreateTimer(_ => Strike(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    /// <inheritdoc/>
    public void Dispose() => _timer.Dispose();

    internal void WakeSoon(TurnLog log)
    {
        lock (_lock)
        {
            _waiting.Add(log);
            if (!_armed)
            {
                _armed = true;
                _timer.Change(Beat, Timeout.InfiniteTimeSpan);
            }
        }
    }

    private void Strike()
    {
        HashSet<TurnLog> due;
        lock (_lock)
        {
            (due, _waiting) = (_waiting, []);
            _armed = false;
        }

        foreach (var log in due)
        {
            log.Wake();
        }
    }
}
