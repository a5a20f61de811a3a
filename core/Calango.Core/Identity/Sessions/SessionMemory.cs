using System.Collections.Concurrent;

namespace Calango.Core.Identity;

/// <summary>
/// Who was behind a cookie when the database was last asked: while it is away, whoever was in goes on, and can stop an answer. What
/// this replica has ended is forgotten at once. Thread-safe.
/// </summary>
internal sealed class SessionMemory(TimeProvider clock)
{
    private static readonly TimeSpan Kept = TimeSpan.FromHours(1);
    private readonly ConcurrentDictionary<string, (SignedIn Person, DateTimeOffset Seen)> _known = new();
    private DateTimeOffset _swept = clock.GetUtcNow();

    public void Keep(string key, SignedIn person)
    {
        var now = clock.GetUtcNow();
        _known[key] = (person, now);
        if (now - _swept > Kept)
        {
            _swept = now;
            Forget(known => now - known.Seen > Kept);
        }
    }

    public SignedIn? Recall(string key)
    {
        var now = clock.GetUtcNow();
        return _known.TryGetValue(key, out var known) && now - known.Seen <= Kept && known.Person.ExpiresAt > now ? known.Person : null;
    }

    public void Forget(string key) => _known.TryRemove(key, out _);

    public void Forget(IReadOnlyCollection<Guid> sessionIds) => Forget(known => sessionIds.Contains(known.Person.SessionId));

    private void Forget(Func<(SignedIn Person, DateTimeOffset Seen), bool> which)
    {
        foreach (var (key, known) in _known)
        {
            if (which(known))
            {
                _known.TryRemove(key, out _);
            }
        }
    }
}
