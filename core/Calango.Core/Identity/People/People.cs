using Calango.Core.Data;
using Calango.Core.Errors;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace Calango.Core.Identity;

/// <summary>Somebody, as whoever runs the server sees them.</summary>
/// <param name="Id">Their account.</param>
/// <param name="Name">How they are called.</param>
/// <param name="Email">Their address; null: they have none.</param>
/// <param name="Role">What they may do.</param>
/// <param name="CreatedAt">Since when.</param>
/// <param name="SuspendedAt">Since when they are kept out; null: they aren't.</param>
/// <param name="RemoveAt">From when on their account is removed; null: it isn't to be.</param>
/// <param name="SeenAt">When they were last here, as far as it is still known.</param>
/// <param name="HasPassword">Whether they can come in with one.</param>
/// <param name="HasSecondStep">Whether they are then asked for a code.</param>
/// <param name="Passkeys">How many passkeys open their account.</param>
public sealed record Person(Guid Id, string Name, string? Email, Role Role, DateTimeOffset CreatedAt, DateTimeOffset? SuspendedAt, DateTimeOffset? RemoveAt, DateTimeOffset? SeenAt, bool HasPassword, bool HasSecondStep, int Passkeys)
{
    /// <summary>Whether the account is being removed, so that nothing can keep it.</summary>
    public bool IsBeingRemoved => RemoveAt == Account.BeyondKeeping;
}

/// <summary>All people of a server, for whoever runs it. Thread-safe.</summary>
public sealed class People(Database database, Sessions sessions, ILookupNormalizer normalizer, TimeProvider clock)
{
    /// <summary>Those after one, in the order in which they came.</summary>
    /// <param name="search">What their name or address has in it; null: anything.</param>
    /// <param name="after">The last of the page before; null: from the first.</param>
    /// <param name="count">At most so many.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<List<Person>> ListAsync(string? search, Guid? after, int count, CancellationToken cancellationToken) =>
        database.ReadAsync(db => Query(db, normalizer.Found(db, search).Where(account => after == null || account.Id > after).OrderBy(account => account.Id).Take(count)).ToListAsync(cancellationToken), cancellationToken);

    /// <summary>One.</summary>
    /// <exception cref="NotFoundException">There is no such account.</exception>
    public async Task<Person> FindAsync(Guid id, CancellationToken cancellationToken) =>
        await database.ReadAsync(db => Query(db, db.Set<Account>().Where(account => account.Id == id)).SingleOrDefaultAsync(cancellationToken), cancellationToken)
        ?? throw new NotFoundException();

    /// <summary>How people are called, by their account.</summary>
    public Task<Dictionary<Guid, string>> NamesAsync(IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken) => database.ReadAsync(
        db => db.Set<Account>().Where(account => ids.Contains(account.Id)).ToDictionaryAsync(account => account.Id, account => account.Name, cancellationToken), cancellationToken);

    /// <summary>Gives somebody another role, and ends their sessions: they sign in with what they may do from now on.</summary>
    /// <exception cref="RejectedException">Nobody would be left to run the server.</exception>
    public async Task ChangeRoleAsync(Guid id, Guid roleId, CancellationToken cancellationToken)
    {
        await ChangeAsync(async db =>
        {
            await Roles.HoldAsync(db, roleId, cancellationToken);
            return await db.Set<Account>().Where(account => account.Id == id).ExecuteUpdateAsync(set => set.SetProperty(account => account.RoleId, roleId), cancellationToken);
        }, cancellationToken);
        await sessions.EndAllAsync(id, except: null, cancellationToken);
    }

    /// <summary>Keeps somebody out, and ends their sessions. What is theirs stays.</summary>
    /// <exception cref="RejectedException">Nobody would be left to run the server.</exception>
    public async Task SuspendAsync(Guid id, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await ChangeAsync(
            db => db.Set<Account>().Where(account => account.Id == id).ExecuteUpdateAsync(set => set.SetProperty(account => account.SuspendedAt, now), cancellationToken), cancellationToken);
        await sessions.EndAllAsync(id, except: null, cancellationToken);
    }

    /// <summary>Lets somebody in again, unless their account is being removed.</summary>
    public Task RestoreAsync(Guid id, CancellationToken cancellationToken) => ChangeAsync(
        db => Whole(db, id).ExecuteUpdateAsync(set => set.SetProperty(account => account.SuspendedAt, (DateTimeOffset?)null), cancellationToken), cancellationToken);

    /// <summary>
    /// Has an account removed from <paramref name="at"/> on, and ends its sessions and what its tokens have opened. Whoever it is can still sign in and keep
    /// it. What is to be removed already keeps its time, and nothing is done alongside.
    /// </summary>
    /// <exception cref="RejectedException">Nobody would be left to run the server.</exception>
    internal async Task RemoveFromAsync(Guid id, DateTimeOffset at, Action<CalangoDb> alongside, CancellationToken cancellationToken)
    {
        await ChangeAsync(async db =>
        {
            if (await Whole(db, id).Where(account => account.RemoveAt == null).ExecuteUpdateAsync(set => set.SetProperty(account => account.RemoveAt, at), cancellationToken) == 0)
            {
                return await Whole(db, id).CountAsync(cancellationToken);
            }

            alongside(db);
            return await db.SaveChangesAsync(cancellationToken) + 1;
        }, cancellationToken);
        await sessions.EndAllAsync(id, except: null, cancellationToken);
    }

    /// <summary>Keeps an account that was to be removed.</summary>
    /// <exception cref="NotFoundException">It is gone, or nothing whole is left of it.</exception>
    public Task KeepAsync(Guid id, CancellationToken cancellationToken) => ChangeAsync(
        db => Whole(db, id).ExecuteUpdateAsync(set => set.SetProperty(account => account.RemoveAt, (DateTimeOffset?)null), cancellationToken), cancellationToken);

    private static IQueryable<Account> Whole(CalangoDb db, Guid id) =>
        db.Set<Account>().Where(account => account.Id == id && (account.RemoveAt == null || account.RemoveAt > Account.BeyondKeeping));

    /// <summary>Changes what people may do, within a unit of work, so that somebody is left to run the server.</summary>
    /// <exception cref="NotFoundException">Nothing was there to be changed.</exception>
    /// <exception cref="RejectedException">Nobody would be left to run the server.</exception>
    internal static async Task KeepingAnAdminAsync(CalangoDb db, Func<CalangoDb, Task<int>> change, CancellationToken cancellationToken)
    {
        // One at a time: two who run the server could otherwise take it from each other.
        await Roles.HoldAsync(db, Role.AdminId, cancellationToken);
        if (await change(db) == 0)
        {
            throw new NotFoundException();
        }

        if (!await Roles.WhoMay(db, Grants.Administer).AnyAsync(account => account.SuspendedAt == null && account.RemoveAt == null, cancellationToken))
        {
            throw new RejectedException("people.lastAdmin");
        }
    }

    private Task ChangeAsync(Func<CalangoDb, Task<int>> change, CancellationToken cancellationToken) =>
        database.WriteAsync(db => KeepingAnAdminAsync(db, change, cancellationToken), cancellationToken);

    private static IQueryable<Person> Query(CalangoDb db, IQueryable<Account> accounts) =>
        from account in accounts
        join role in db.Set<Role>() on account.RoleId equals role.Id
        orderby account.Id
        select new Person(
            account.Id,
            account.Name,
            db.Set<Credentials>().Where(credentials => credentials.AccountId == account.Id).Select(credentials => credentials.Email).FirstOrDefault(),
            role,
            account.CreatedAt,
            account.SuspendedAt,
            account.RemoveAt,
            db.Set<Session>().Where(session => session.AccountId == account.Id).Max(session => (DateTimeOffset?)session.SeenAt),
            db.Set<Credentials>().Any(credentials => credentials.AccountId == account.Id && credentials.PasswordHash != null),
            db.Set<SecondStep>().Any(step => step.AccountId == account.Id),
            db.Set<Passkey>().Count(passkey => passkey.AccountId == account.Id));
}
