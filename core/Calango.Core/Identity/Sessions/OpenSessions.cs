using Calango.Core.Data;
using Calango.Core.Errors;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace Calango.Core.Identity;

/// <summary>A session as whoever runs the server sees it.</summary>
/// <param name="Session">The session.</param>
/// <param name="Name">How its owner is called.</param>
/// <param name="Email">Their address; null: they have none.</param>
/// <param name="Count">How many they have open, this one included.</param>
public sealed record OpenSession(Session Session, string Name, string? Email, int Count);

/// <summary>Who is signed in, for whoever runs the server. Thread-safe.</summary>
public sealed class OpenSessions(Database database, Sessions sessions, ILookupNormalizer normalizer, TimeProvider clock)
{
    /// <summary>Those before one, the last opened first.</summary>
    /// <param name="search">What the owner's name or address has in it; null: anything.</param>
    /// <param name="before">The last of the page before; null: from the newest.</param>
    /// <param name="count">At most so many.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<List<OpenSession>> ListAsync(string? search, Guid? before, int count, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        return database.ReadAsync(
            db => (from session in Open(db, now)
                   join account in normalizer.Found(db, search) on session.AccountId equals account.Id
                   where account.SuspendedAt == null && (before == null || session.Id < before)
                   orderby session.Id descending
                   select new OpenSession(
                       session,
                       account.Name,
                       db.Set<Credentials>().Where(credentials => credentials.AccountId == account.Id).Select(credentials => credentials.Email).FirstOrDefault(),
                       Open(db, now).Count(other => other.AccountId == account.Id))).Take(count).ToListAsync(cancellationToken),
            cancellationToken);
    }

    /// <summary>Ends one.</summary>
    /// <returns>Whose it was.</returns>
    /// <exception cref="NotFoundException">It has ended.</exception>
    public async Task<Guid> EndAsync(Guid id, CancellationToken cancellationToken)
    {
        var owner = await database.ReadAsync(
            db => db.Set<Session>().Where(session => session.Id == id).Select(session => (Guid?)session.AccountId).SingleOrDefaultAsync(cancellationToken), cancellationToken) ?? throw new NotFoundException();
        await sessions.EndAsync(owner, id, cancellationToken);
        return owner;
    }

    private static IQueryable<Session> Open(CalangoDb db, DateTimeOffset now) => db.Set<Session>().Where(session => session.EndedAt == null && session.ExpiresAt > now);
}
