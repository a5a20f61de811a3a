using System.Text;

namespace Calango.Core.Chat;

/// <summary>
/// What has happened in a running turn, append-only: each entry has a sequence number, from 1, which is also its id in
/// the browser's event stream. Any number of readers follow it, each from wherever it is. Thread-safe.
/// </summary>
public sealed class TurnLog(TurnPulse pulse)
{
    private readonly Lock _lock = new();
    private readonly StringBuilder _text = new();
    private readonly StringBuilder _reasoning = new();

    // Where text and reasoning ended after each entry: an entry is found again without keeping it.
    private readonly List<(int Text, int Reasoning)> _marks = [];
    private readonly TurnLogUses _uses = new();
    private TurnProgress _progress = new(TurnPhase.Queued);
    private TaskCompletionSource? _change;
    private bool _ended;

    /// <summary>The number of the newest entry; 0: none yet.</summary>
    public long Sequence
    {
        get
        {
            lock (_lock)
            {
                return _marks.Count;
            }
        }
    }

    /// <summary>What was appended after <paramref name="after"/> (0: everything), and where the turn is now.</summary>
    public TurnLogSlice Read(long after)
    {
        lock (_lock)
        {
            var (text, reasoning) = after <= 0 ? (0, 0) : _marks.Count == 0 ? (0, 0) : _marks[(int)Math.Min(after, _marks.Count) - 1];
            return new TurnLogSlice(
                _marks.Count,
                _reasoning.Length == reasoning ? "" : _reasoning.ToString(reasoning, _reasoning.Length - reasoning),
                _text.Length == text ? "" : _text.ToString(text, _text.Length - text),
                _progress,
                _ended)
            {
                Uses = _uses.ChangedAfter(after),
                Asks = _uses.AsksAfter(after),
            };
        }
    }

    /// <summary>
    /// Ends when there is an entry after <paramref name="after"/>, or the turn has ended. What people wait for (the first
    /// token, a change of phase, the end) wakes at once; further text with the next <see cref="TurnPulse"/>.
    /// </summary>
    public Task WaitAsync(long after, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_marks.Count > after || _ended)
            {
                return Task.CompletedTask;
            }

            _change ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return cancellationToken.CanBeCanceled ? _change.Task.WaitAsync(cancellationToken) : _change.Task;
        }
    }

    /// <summary>The calls of tools so far, in order.</summary>
    internal IReadOnlyList<ToolUse> Uses
    {
        get
        {
            lock (_lock)
            {
                return _uses.All;
            }
        }
    }

    /// <summary>How long the text is by now.</summary>
    internal int TextLength
    {
        get
        {
            lock (_lock)
            {
                return _text.Length;
            }
        }
    }

    /// <summary>What the answer starts with: the text that it continues, and the calls in it.</summary>
    internal void Begin(string text, IReadOnlyList<ToolUse> uses) => Change(() =>
    {
        _text.Append(text);
        Mark();
        foreach (var use in uses)
        {
            _uses.Put(use, _marks.Count);
        }
    });

    /// <summary>A call of a tool is new, or has changed.</summary>
    internal void Put(ToolUse use) => Change(() =>
    {
        Mark();
        _uses.Put(use, _marks.Count);
    });

    /// <summary>A call waits for a person's word, or no longer does.</summary>
    internal void Ask(Guid useId, bool waits) => Change(() =>
    {
        _progress = new TurnProgress(_uses.Ask(useId, waits, _marks.Count + 1) ? TurnPhase.AwaitingApproval : TurnPhase.UsingTools);
        Mark();
    });

    internal void AppendText(string text) => Append(_text, text, TurnPhase.Answering);

    internal void AppendReasoning(string text) => Append(_reasoning, text, TurnPhase.Reasoning);

    internal void Report(TurnProgress progress)
    {
        lock (_lock)
        {
            if (_ended || _progress == progress)
            {
                return;
            }

            _progress = progress;
            Mark();
        }

        Wake();
    }

    internal void End()
    {
        lock (_lock)
        {
            if (_ended)
            {
                return;
            }

            _ended = true;
            Mark();
        }

        Wake();
    }

    /// <summary>Lets the readers that wait go on.</summary>
    internal void Wake()
    {
        TaskCompletionSource? change;
        lock (_lock)
        {
            (change, _change) = (_change, null);
        }

        change?.TrySetResult();
    }

    private void Change(Action change)
    {
        lock (_lock)
        {
            if (_ended)
            {
                return;
            }

            change();
        }

        Wake();
    }

    private void Append(StringBuilder part, string text, TurnPhase phase)
    {
        bool atOnce, awaited;
        lock (_lock)
        {
            if (_ended)
            {
                return;
            }

            atOnce = _progress.Phase != phase;
            if (atOnce)
            {
                _progress = new TurnProgress(phase);
            }

            part.Append(text);
            Mark();
            awaited = _change is not null;
        }

        if (!awaited)
        {
            return;
        }

        if (atOnce)
        {
            Wake();
        }
        else
        {
            pulse.WakeSoon(this);
        }
    }

    private void Mark() => _marks.Add((_text.Length, _reasoning.Length));
}

/// <summary>A part of a turn's log.</summary>
/// <param name="Sequence">The number of its last entry: where to go on from.</param>
/// <param name="Reasoning">What the model thought in it.</param>
/// <param name="Text">What it answered in it.</param>
/// <param name="Progress">Where the turn is now.</param>
/// <param name="Ended">Nothing will follow.</param>
public readonly record struct TurnLogSlice(long Sequence, string Reasoning, string Text, TurnProgress Progress, bool Ended)
{
    /// <summary>The calls of tools that are new or have changed in it, in order.</summary>
    public IReadOnlyList<LoggedUse> Uses { get; init; } = [];

    /// <summary>The calls that wait for a person's word now; null: that hasn't changed in it.</summary>
    public IReadOnlyList<ToolUse>? Asks { get; init; }
}

/// <summary>Where a running turn is.</summary>
/// <param name="Phase">What it does.</param>
/// <param name="QueuePlace">Its place in the queue, from 1.</param>
/// <param name="RetryIn">How long until the service is asked again.</param>
/// <param name="Model">The name of the model that is asked in place of the one that was wanted.</param>
public sealed record TurnProgress(TurnPhase Phase, int? QueuePlace = null, TimeSpan? RetryIn = null, string? Model = null);

/// <summary>What a running turn does.</summary>
public enum TurnPhase
{
    /// <summary>It waits for a place.</summary>
    Queued,

    /// <summary>The chat's own documents are still being read.</summary>
    ReadingDocuments,

    /// <summary>The chat's collections are searched.</summary>
    Searching,

    /// <summary>The model was asked and has not answered yet.</summary>
    Connecting,

    /// <summary>The service could not answer; it will be asked again.</summary>
    Retrying,

    /// <summary>The model could not answer; another one is asked.</summary>
    FallingBack,

    /// <summary>The model thinks.</summary>
    Reasoning,

    /// <summary>The model answers.</summary>
    Answering,

    /// <summary>Tools do what the model wants done.</summary>
    UsingTools,

    /// <summary>A call of a tool waits for a person's word.</summary>
    AwaitingApproval,

    /// <summary>The answer is there, but cannot be stored yet.</summary>
    Storing,
}
