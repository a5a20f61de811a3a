using System.Collections.Concurrent;

namespace Calango.Core.Plugins;

/// <summary>The calls of one generation: whose they are, how many there were, how the last one failed, and how all are cut. Thread-safe.</summary>
/// <param name="pluginId">The plugin.</param>
/// <param name="clock">The time.</param>
/// <param name="cut">Not to be disposed: a call that was left behind may still ask it.</param>
internal sealed class PluginCalls(string pluginId, TimeProvider clock, CancellationTokenSource cut)
{
    private readonly ConcurrentDictionary<PluginLease, Guid> _turns = new();
    private long _count;
    private long _turnCount;

    public string PluginId => pluginId;

    /// <summary>Cancelled where the calls must not go on, though nobody who made them wants them ended.</summary>
    public CancellationToken Cut => cut.Token;

    public long Count => Interlocked.Read(ref _count);

    public long TurnCount => Interlocked.Read(ref _turnCount);

    public PluginError? LastError { get; private set; }

    public void Began() => Interlocked.Increment(ref _count);

    public void Failed(string exceptionType, bool isUnhandled = false) => LastError = new PluginError(exceptionType, clock.GetUtcNow(), isUnhandled || LastError is { IsUnhandled: true });

    public void TurnBegan(PluginLease lease, Guid turnId)
    {
        Interlocked.Increment(ref _turnCount);
        _turns[lease] = turnId;
    }

    public void TurnEnded(PluginLease lease) => _turns.TryRemove(lease, out _);

    /// <summary>Ends all calls that run. Returns the turns among them.</summary>
    public async Task<IReadOnlyList<Guid>> CutAsync()
    {
        Guid[] turns = [.. _turns.Values];
        await cut.CancelAsync();
        return turns;
    }
}
