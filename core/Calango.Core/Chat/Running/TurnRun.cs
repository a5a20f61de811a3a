using System.Collections.Concurrent;
using Calango.Core.Data;
using Calango.Core.Models;

namespace Calango.Core.Chat;

/// <summary>A turn while this process runs it.</summary>
internal sealed class TurnRun(StoredTurn stored, TurnPulse pulse) : IDisposable
{
    private static readonly TimeSpan LongestStop = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The row; <see cref="TurnRunner"/> alone changes it.</summary>
    public Turn Turn { get; } = stored.Turn.Copy();

    /// <summary>The chat as it was when this was asked: the answer is made with these settings.</summary>
    public Conversation Conversation { get; } = stored.Conversation;

    /// <summary>The question answered.</summary>
    public Message Question { get; } = stored.Question;

    /// <summary>What the answer starts with: the cut text that it continues.</summary>
    public string TextBefore { get; } = stored.Answer.Text;

    /// <summary>Its answer may name sources by their numbers.</summary>
    public bool MayCite { get; } = stored.Conversation.LooksInDocuments || (stored.Turn.ContinuesId ?? stored.Turn.RerunOf) is not null;

    /// <summary>What is sent again as it was; null: the prompt is built.</summary>
    public TurnTrace? Repeats { get; } = stored.Repeats;

    /// <summary>The very same request may be answered with what was kept: nobody asked for another answer.</summary>
    public bool MayUseKept { get; } = stored is { IsFirstAnswer: true, Conversation: { KeepsAnswers: true, ChosenTools: "" } };

    /// <summary>The chat had no title when the turn began.</summary>
    public bool NeedsTitle { get; } = stored.Conversation.TitleSource == TitleSource.None;

    public TurnLog Log { get; } = new(pulse);

    /// <summary>The calls of tools in what the answer continues.</summary>
    public IReadOnlyList<ToolUse> UsesBefore { get; } = stored.Uses;

    /// <summary>What the model may call; null until it is known.</summary>
    public OfferedTools? Offered { get; set; }

    /// <inheritdoc cref="Offered"/>
    public OfferedTools Tools => Offered ?? OfferedTools.None;

    public ToolApprovals Approvals { get; } = new();

    /// <summary>Results of tools that always say the same, in this turn: an update of a plugin may bring another one.</summary>
    public ConcurrentDictionary<(string Key, string Arguments), string> KeptResults { get; } = new();

    /// <summary>The tools that the person has allowed from now on, since this turn began.</summary>
    public ConcurrentDictionary<string, bool> AllowedTools { get; } = new();

    /// <summary>What was found in the chat's collections; null: nobody has looked.</summary>
    public IReadOnlyList<TurnSource>? Sources { get; set; }

    /// <summary>The names of the chat's own documents that could not be read: the model must not think that it has seen them.</summary>
    public IReadOnlyList<string> UnreadDocuments { get; set; } = [];

    /// <summary>It has been looked for what belongs to the question, or there is nowhere to look.</summary>
    public bool HasLooked { get; set; }

    /// <summary>Null until it is built.</summary>
    public Prompt? Prompt { get; set; }

    /// <summary>When it was queued, as a timestamp of the clock.</summary>
    public long QueuedAt { get; set; }

    /// <summary>The place in line that was told last; used by <see cref="TurnQueue"/> alone.</summary>
    public int QueuePlace { get; set; }

    /// <summary>The model that answers; null until it is connected.</summary>
    public CatalogModel? Model { get; set; }

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

    /// <summary>The answer with the text that the log has now.</summary>
    public Message AnswerSoFar()
    {
        var written = Log.Read(0);
        return stored.Answer.WithText(written.Text, written.Reasoning.Length > 0 ? written.Reasoning : null);
    }

    /// <summary>Stops it and returns when it has ended.</summary>
    /// <exception cref="DatabaseUnavailableException">It has stopped, and its end cannot be stored just now.</exception>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (Ended.IsCompleted)
        {
            return;
        }

        _stop.Cancel();
        try
        {
            await Ended.WaitAsync(LongestStop, cancellationToken);
        }
        catch (TimeoutException timeout)
        {
            throw new DatabaseUnavailableException(timeout);
        }
    }

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
