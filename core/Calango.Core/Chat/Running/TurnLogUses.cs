namespace Calango.Core.Chat;

/// <summary>The calls of tools in a turn's log. Guarded by the log's lock; what is read is never changed afterwards.</summary>
internal sealed class TurnLogUses
{
    private readonly List<(LoggedUse Logged, long ChangedAt)> _uses = [];
    private readonly List<Guid> _asking = [];
    private long _askedAt;

    public IReadOnlyList<ToolUse> All => [.. _uses.Select(entry => entry.Logged.Use)];

    public IReadOnlyList<LoggedUse> ChangedAfter(long sequence) =>
        _uses.Count == 0 ? [] : [.. _uses.Where(entry => entry.ChangedAt > sequence).Select(entry => entry.Logged)];

    public IReadOnlyList<ToolUse>? AsksAfter(long sequence) =>
        _askedAt <= sequence ? null : [.. _uses.Where(entry => _asking.Contains(entry.Logged.Use.Id)).Select(entry => entry.Logged.Use)];

    public void Put(ToolUse use, long sequence)
    {
        var index = _uses.FindIndex(entry => entry.Logged.Use.Id == use.Id);
        if (index < 0)
        {
            _uses.Add((new LoggedUse(use.Copy(), sequence), sequence));
        }
        else
        {
            _uses[index] = (_uses[index].Logged with { Use = use.Copy() }, sequence);
        }
    }

    /// <summary>Returns whether any waits.</summary>
    public bool Ask(Guid useId, bool waits, long sequence)
    {
        _asking.Remove(useId);
        if (waits)
        {
            _asking.Add(useId);
        }

        _askedAt = sequence;
        return _asking.Count > 0;
    }
}

/// <summary>A call of a tool as it was at one moment.</summary>
/// <param name="Use">The call.</param>
/// <param name="BeganAt">The number of the entry with which it came into the log.</param>
public sealed record LoggedUse(ToolUse Use, long BeganAt);
