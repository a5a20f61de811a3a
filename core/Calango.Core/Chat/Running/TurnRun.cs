namespace Calango.Core.Chat;

/// <summary>A turn while this process runs it.</summary>
internal sealed class TurnRun(Turn turn, string textBefore, bool needsTitle, TurnPulse pulse) : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The row as it was stored; <see cref="TurnRunner"/> alone changes it.</summary>
    public Turn Turn { get; } = turn;

    /// <summary>What the answer starts with: the cut text that it continues.</summary>
    public string TextBefore { get; } = textBefore;

    /// <summary>The chat had no title when the turn began.</summary>
    public bool NeedsTitle { get; } = needsTitle;

    public TurnLog Log { get; } = new(pulse);

    /// <summary>Null until it is built.</summary>
    public Prompt? Prompt { get; set; }

    /// <summary>The calls so far. Replaced whole, because checkpoints read it meanwhile.</summary>
    public IReadOnlyList<TracedAttempt> Attempts { get; set; } = [];

    /// <summary>How many updates came from the model.</summary>
    public int Updates { get; set; }

    /// <summary>What the last checkpoint stored; used by <see cref="TurnCheckpoints"/> alone.</summary>
    public TurnCheckpoint Saved { get; set; }

    public CancellationToken StopRequested => _stop.Token;

    /// <summary>The server goes down: what has come is stored, and the turn is interrupted, not stopped.</summary>
    public bool ServerStops { get; private set; }

    /// <summary>Ends when the turn has, and is stored.</summary>
    public Task Ended => _ended.Task;

    public void RequestStop() => _stop.Cancel();

    public void RequestStopOfServer()
    {
        ServerStops = true;
        _stop.Cancel();
    }

    public void HasEnded()
    {
        Log.End();
        _ended.TrySetResult();
    }

    public void Dispose() => _stop.Dispose();
}

/// <summary>How far a running turn is stored.</summary>
/// <param name="Sequence">The log's.</param>
/// <param name="Updates">The run's.</param>
/// <param name="At">When, as a timestamp of the clock.</param>
/// <param name="Started">Whether the turn is stored as running, with its trace.</param>
internal readonly record struct TurnCheckpoint(long Sequence, int Updates, long At, bool Started);
