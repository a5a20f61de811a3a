namespace Calango.Core.Memory;

/// <summary>
/// Goes through the messages that have no place, from the newest to the oldest. Once it was through it looks at new ones alone; each
/// hour it goes through all again, since a deleted chat may have been restored. Not thread-safe.
/// </summary>
internal sealed class MemoryWalk(RememberedMessages messages, TimeProvider clock)
{
    // An entry can be committed after ones with higher numbers.
    private const int Late = 1_000;

    private static readonly TimeSpan Trusted = TimeSpan.FromHours(1);

    private long _floor;
    private long _flooredAt;
    private long _top;
    private long _before;

    /// <summary>Begins at the newest, where there may be others by now.</summary>
    public async Task BeginAsync(CancellationToken cancellationToken)
    {
        (_top, _before) = (await messages.NewestAsync(cancellationToken), long.MaxValue);
        _floor = clock.GetElapsedTime(_flooredAt) < Trusted ? _floor : 0;
    }

    /// <summary>The next ones; none: it is through.</summary>
    public async Task<List<RememberedMessage>> NextAsync(ChatMemory memory, int most, CancellationToken cancellationToken)
    {
        var next = await messages.NextAsync(memory, _floor, _before, most, cancellationToken);
        if (next.Count == 0)
        {
            _flooredAt = _floor == 0 ? clock.GetTimestamp() : _flooredAt;
            _floor = Math.Max(0, _top - Late);
        }

        return next;
    }

    /// <summary>These have their place.</summary>
    public void Pass(List<RememberedMessage> placed) => _before = placed[^1].EntryNumber;
}
