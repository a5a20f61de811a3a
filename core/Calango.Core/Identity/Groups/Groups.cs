using Calango.Core.Data;
using Calango.Core.Errors;
using Microsoft.EntityFrameworkCore;

namespace Calango.Core.Identity;

/// <summary>A group with how many are in it.</summary>
/// <param name="Group">The group.</param>
/// <param name="People">How many.</param>
public sealed record GroupSize(Group Group, int People);

/// <summary>Somebody in a group.</summary>
/// <param name="AccountId">Who.</param>
/// <param name="Name">How they are called.</param>
/// <param name="Email">Their address; null: they have none.</param>
/// <param name="ByAdministrator">Whoever runs the server has put them there; else only providers of logins say so.</param>
public sealed record GroupMember(Guid AccountId, string Name, string? Email, bool ByAdministrator);

/// <summary>A group that somebody is in.</summary>
/// <param name="Group">The group.</param>
/// <param name="ByAdministrator">As of <see cref="GroupMember"/>.</param>
public sealed record GroupOfPerson(Group Group, bool ByAdministrator);

/// <summary>The groups of a server's people. Thread-safe.</summary>
public sealed class Groups(Database database, TimeProvider clock)
{
    /// <summary>Those after one, by name.</summary>
    /// <param name="search">What the name has in it; null: anything.</param>
    /// <param name="after">The last of the page before; null: from the first.</param>
    /// <param name="count">At most so many.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<List<GroupSize>> ListAsync(string? search, Guid? after, int count, CancellationToken cancellationToken) => database.ReadAsync(
        async db =>
        {
            var part = string.IsNullOrWhiteSpace(search) ? null : Normalize(search);
            var last = after is { } id ? await db.Set<Group>().Where(group => group.Id == id).Select(group => group.NormalizedName).SingleOrDefaultAsync(cancellationToken) : null;
            return await db.Set<Group>()
                .Where(group => (part == null || group.NormalizedName.Contains(part)) && (last == null || group.NormalizedName.CompareTo(last) > 0))
                .OrderBy(group => group.NormalizedName).Take(count)
                .Select(group => new GroupSize(group, db.Set<Membership>().Where(membership => membership.GroupId == group.Id).Select(membership => membership.AccountId).Distinct().Count()))
                .ToListAsync(cancellationToken);
        },
        cancellationToken);

    /// <summary>All, by name: to choose from.</summary>
    public Task<List<Group>> AllAsync(CancellationToken cancellationToken) =>
        database.ReadAsync(db => db.Set<Group>().OrderBy(group => group.NormalizedName).ToListAsync(cancellationToken), cancellationToken);

    /// <summary>One.</summary>
    /// <exception cref="NotFoundException">There is none with this id.</exception>
    public async Task<Group> FindAsync(Guid id, CancellationToken cancellationToken) =>
        await database.ReadAsync(db => db.Set<Group>().SingleOrDefaultAsync(group => group.Id == id, cancellationToken), cancellationToken) ?? throw new NotFoundException();

    /// <summary>Makes one.</summary>
    /// <returns>Its id.</returns>
    /// <exception cref="RejectedException"><c>groups.exists</c>: there is one of this name.</exception>
    public async Task<Guid> AddAsync(string name, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var group = new Group { Id = Guid.CreateVersion7(now), Name = name, NormalizedName = Normalize(name), CreatedAt = now };
        await RefusingDuplicatesAsync(() => database.WriteAsync(
            db =>
            {
                db.Add(group);
                return db.SaveChangesAsync(cancellationToken);
            },
            cancellationToken));
        return group.Id;
    }

    /// <summary>Gives one another name.</summary>
    /// <exception cref="NotFoundException">There is none with this id.</exception>
    /// <exception cref="RejectedException"><c>groups.exists</c>: there is another one of this name.</exception>
    public async Task RenameAsync(Guid id, string name, CancellationToken cancellationToken)
    {
        var normalized = Normalize(name);
        if (await RefusingDuplicatesAsync(() => database.WriteAsync(
            db => db.Set<Group>().Where(group => group.Id == id)
                .ExecuteUpdateAsync(set => set.SetProperty(group => group.Name, name).SetProperty(group => group.NormalizedName, normalized), cancellationToken), cancellationToken)) == 0)
        {
            throw new NotFoundException();
        }
    }

    /// <summary>Removes one. The people stay; what was for this group alone is for nobody then.</summary>
    /// <exception cref="NotFoundException">There is none with this id.</exception>
    public async Task RemoveAsync(Guid id, CancellationToken cancellationToken)
    {
        if (await database.WriteAsync(db => db.Set<Group>().Where(group => group.Id == id).ExecuteDeleteAsync(cancellationToken), cancellationToken) == 0)
        {
            throw new NotFoundException();
        }
    }

    /// <summary>Who is in one, in the order in which they came to the server.</summary>
    /// <inheritdoc cref="ListAsync"/>
    public Task<List<GroupMember>> MembersAsync(Guid id, string? search, Guid? after, int count, CancellationToken cancellationToken) => database.ReadAsync(
        db =>
        {
            var part = string.IsNullOrWhiteSpace(search) ? null : search.Trim().ToLowerInvariant();
            return (from account in db.Set<Account>()
                    join credentials in db.Set<Credentials>() on account.Id equals credentials.AccountId into found
                    from address in found.DefaultIfEmpty()
                    where db.Set<Membership>().Any(membership => membership.GroupId == id && membership.AccountId == account.Id)
                    where after == null || account.Id > after
                    where part == null || account.Name.ToLower().Contains(part) || address!.Email!.ToLower().Contains(part)
                    orderby account.Id
                    select new GroupMember(
                        account.Id, account.Name, address!.Email,
                        db.Set<Membership>().Any(membership => membership.GroupId == id && membership.AccountId == account.Id && membership.ProviderId == Membership.ByAdministrator)))
                .Take(count).ToListAsync(cancellationToken);
        },
        cancellationToken);

    /// <summary>Those that somebody is in, by name.</summary>
    public Task<List<GroupOfPerson>> OfAsync(Guid accountId, CancellationToken cancellationToken) => database.ReadAsync(
        db => db.Set<Group>().Where(group => db.Set<Membership>().Any(membership => membership.GroupId == group.Id && membership.AccountId == accountId))
            .OrderBy(group => group.NormalizedName)
            .Select(group => new GroupOfPerson(
                group, db.Set<Membership>().Any(membership => membership.GroupId == group.Id && membership.AccountId == accountId && membership.ProviderId == Membership.ByAdministrator)))
            .ToListAsync(cancellationToken),
        cancellationToken);

    /// <summary>Puts somebody into a group. Twice is fine.</summary>
    /// <exception cref="NotFoundException">There is no such group, or no such account.</exception>
    public async Task PutInAsync(Guid id, Guid accountId, CancellationToken cancellationToken)
    {
        try
        {
            await database.WriteAsync(
                async db =>
                {
                    if (!await db.Set<Group>().AnyAsync(group => group.Id == id, cancellationToken) || !await db.Set<Account>().AnyAsync(account => account.Id == accountId, cancellationToken))
                    {
                        throw new NotFoundException();
                    }

                    await AddMissingAsync(db, accountId, Membership.ByAdministrator, [id], cancellationToken);
                },
                cancellationToken);
        }
        catch (Exception exception) when (DatabaseFailure.IsDuplicate(exception))
        {
            // Somebody else has just done the same.
        }
    }

    /// <summary>The account with an address; null: there is none.</summary>
    public Task<Guid?> AccountOfAsync(string email, CancellationToken cancellationToken)
    {
        var lower = email.ToLowerInvariant();
        return database.ReadAsync(
            db => db.Set<Credentials>().Where(credentials => credentials.Email!.ToLower() == lower).Select(credentials => (Guid?)credentials.AccountId).FirstOrDefaultAsync(cancellationToken), cancellationToken);
    }

    /// <summary>Takes somebody out of a group, as far as whoever runs the server has put them there.</summary>
    public Task TakeOutAsync(Guid id, Guid accountId, CancellationToken cancellationToken) => database.WriteAsync(
        db => db.Set<Membership>().Where(membership => membership.GroupId == id && membership.AccountId == accountId && membership.ProviderId == Membership.ByAdministrator)
            .ExecuteDeleteAsync(cancellationToken), cancellationToken);

    /// <summary>Lets somebody be in the groups that a provider says, and in no other by its word. Within a unit of work.</summary>
    /// <returns>Whether anything is different from before.</returns>
    internal static async Task<bool> FollowAsync(CalangoDb db, Guid accountId, Guid providerId, IReadOnlyCollection<Guid> said, CancellationToken cancellationToken)
    {
        var gone = await db.Set<Membership>().Where(membership => membership.AccountId == accountId && membership.ProviderId == providerId && !said.Contains(membership.GroupId))
            .ExecuteDeleteAsync(cancellationToken);
        return await AddMissingAsync(db, accountId, providerId, said, cancellationToken) + gone > 0;
    }

    private static async Task<int> AddMissingAsync(CalangoDb db, Guid accountId, Guid providerId, IReadOnlyCollection<Guid> groups, CancellationToken cancellationToken)
    {
        // A rule may name a group that has been removed.
        var missing = await db.Set<Group>().AsNoTracking()
            .Where(group => groups.Contains(group.Id)
                && !db.Set<Membership>().Any(membership => membership.GroupId == group.Id && membership.AccountId == accountId && membership.ProviderId == providerId))
            .Select(group => group.Id).ToListAsync(cancellationToken);
        db.AddRange(missing.Select(id => new Membership { GroupId = id, AccountId = accountId, ProviderId = providerId }));
        await db.SaveChangesAsync(cancellationToken);
        return missing.Count;
    }

    private static string Normalize(string name) => name.Trim().Normalize().ToUpperInvariant();

    private static async Task<T> RefusingDuplicatesAsync<T>(Func<Task<T>> act)
    {
        try
        {
            return await act();
        }
        catch (Exception exception) when (DatabaseFailure.IsDuplicate(exception))
        {
            throw new RejectedException("groups.exists");
        }
    }
}
