using System.Collections.Concurrent;

namespace Calango.Core.Chat;

/// <summary>The turns that this process runs now, and those that ended moments ago. Thread-safe.</summary>
public sealed class TurnsRunning(TimeProvider clock)
{
    // A page is sent before its stream opens, and a short answer is over by then: its log stays readable a little.
    private static readonly TimeSpan Linger = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<Guid, TurnRun> _runs = new();
    private readonly ConcurrentDictionary<Guid, TurnRun> _active = new();
    private readonly ConcurrentDictionary<Guid, int> _answersOfChat = new();
    private readonly ConcurrentQueue<(TurnRun Run, long EndedAt)> _ended = new();

    /// <summary>Whether an answer is being written in the chat, or several side by side.</summary>
    public bool IsBusy(Guid conversationId) => _answersOfChat.TryGetValue(conversationId, out var answers) && answers > 0;

    /// <summary>The log of a turn that runs here, or ended moments ago.</summary>
    public TurnLog? LogOf(Guid turnId) => _runs.TryGetValue(turnId, out var run) ? run.Log : null;

    internal IEnumerable<TurnRun> All => _active.Values;

    internal TurnRun? Find(Guid turnId) => _runs.GetValueOrDefault(turnId);

    internal void Add(TurnRun run)
    {
        run.Saved = new TurnCheckpoint(0, 0, clock.GetTimestamp(), false);
        _runs[run.Turn.Id] = run;
        _active[run.Turn.Id] = run;
        _answersOfChat.AddOrUpdate(run.Turn.ConversationId, 1, (_, answers) => answers + 1);
    }

    internal void Remove(TurnRun run)
    {
        _active.TryRemove(run.Turn.Id, out _);
        _answersOfChat.AddOrUpdate(run.Turn.ConversationId, 0, (_, answers) => answers - 1);
        _answersOfChat.TryRemove(KeyValuePair.Create(run.Turn.ConversationId, 0));
        _ended.Enqueue((run, clock.GetTimestamp()));
        ForgetOld();
    }

    internal Task StopAllOfAsync(Guid conversationId) =>
        Task.WhenAll(_active.Values.Where(run => run.Turn.ConversationId == conversationId).Select(run => run.StopAsync(CancellationToken.None)));

    /// <summary>Forgets the logs of turns that ended a while ago.</summary>
    internal void ForgetOld()
    {
        while (_ended.TryPeek(out var oldest) && clock.GetElapsedTime(oldest.EndedAt) > Linger && _ended.TryDequeue(out oldest))
        {
            _runs.TryRemove(oldest.Run.Turn.Id, out _);
            oldest.Run.Dispose();
        }
    }
}
