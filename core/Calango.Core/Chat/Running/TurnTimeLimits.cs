using Calango.Core.Models;

namespace Calango.Core.Chat;

/// <summary>The three time limits of a turn: until the first token, between tokens, and of the whole.</summary>
internal sealed class TurnTimeLimits : IDisposable
{
    // Setting a timer for each of a thousand tokens a second would cost more than it tells.
    private static readonly TimeSpan Grain = TimeSpan.FromMilliseconds(250);

    private readonly TimeLimits _limits;
    private readonly TimeProvider _clock;
    private readonly TimeSpan _allowed;
    private readonly long _begun;
    private readonly CancellationTokenSource _whole;
    private readonly CancellationTokenSource _wholeOrStop;
    private readonly CancellationTokenSource _silence;
    private readonly ITimer _timer;
    private long? _heardAt;

    /// <param name="limits">The connection's.</param>
    /// <param name="elapsed">How long the turn has been going on.</param>
    /// <param name="stop">The turn is to stop.</param>
    /// <param name="clock">Measures.</param>
    public TurnTimeLimits(TimeLimits limits, TimeSpan elapsed, CancellationToken stop, TimeProvider clock)
    {
        (_limits, _clock, _begun) = (limits, clock, clock.GetTimestamp());
        _allowed = TimeSpan.FromSeconds(limits.WholeTurnSeconds) - elapsed;
        _whole = new CancellationTokenSource(_allowed > TimeSpan.Zero ? _allowed : TimeSpan.Zero, clock);
        _wholeOrStop = CancellationTokenSource.CreateLinkedTokenSource(_whole.Token, stop);
        _silence = CancellationTokenSource.CreateLinkedTokenSource(_wholeOrStop.Token);
        _timer = clock.CreateTimer(_ => BeSilent(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Cancelled when a limit has passed or the turn is to stop.</summary>
    public CancellationToken Token => _silence.Token;

    /// <summary>How much is left for the whole turn.</summary>
    public TimeSpan Left => _allowed - _clock.GetElapsedTime(_begun);

    /// <summary>The whole turn took too long.</summary>
    public bool WholeExpired => _whole.IsCancellationRequested;

    /// <summary>The service was silent for too long.</summary>
    public bool SilenceExpired { get; private set; }

    /// <summary>Any of the limits has passed.</summary>
    public bool Expired => WholeExpired || SilenceExpired;

    /// <summary>The service is being asked: the time until its first token runs.</summary>
    public void Called()
    {
        _heardAt = null;
        _timer.Change(TimeSpan.FromSeconds(_limits.FirstTokenSeconds), Timeout.InfiniteTimeSpan);
    }

    /// <summary>Something came.</summary>
    public void Heard()
    {
        if (_heardAt is not { } heardAt || _clock.GetElapsedTime(heardAt) > Grain)
        {
            _heardAt = _clock.GetTimestamp();
            _timer.Change(TimeSpan.FromSeconds(_limits.BetweenTokensSeconds), Timeout.InfiniteTimeSpan);
        }
    }

    public void Dispose()
    {
        _timer.Dispose();
        _silence.Dispose();
        _wholeOrStop.Dispose();
        _whole.Dispose();
    }

    private void BeSilent()
    {
        SilenceExpired = true;
        try
        {
            _silence.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The turn ended in the moment the timer struck: nothing is left to cancel.
        }
    }
}
