using System.Globalization;
using Calango.Core.Data;
using Calango.Core.Errors;
using Microsoft.EntityFrameworkCore;

namespace Calango.Core.Identity;

/// <summary>A role with how many have it.</summary>
/// <param name="Role">The role.</param>
/// <param name="People">How many.</param>
public sealed record RoleSize(Role Role, int People);

/// <summary>What people of a server can be: the roles that come along, and those of its own. What one permits counts at the next request of whoever has it. Thread-safe.</summary>
public sealed class Roles(Database database, TimeProvider clock)
{
    /// <summary>How many there can be: a list that somebody chooses from.</summary>
    public const int Most = 100;

    /// <summary>All, those that come along first: to choose from.</summary>
    public Task<List<Role>> AllAsync(CancellationToken cancellationToken) =>
        database.ReadAsync(db => db.Set<Role>().OrderBy(role => role.Id).ToListAsync(cancellationToken), cancellationToken);

    /// <summary>All, with how many have them.</summary>
    public Task<List<RoleSize>> ListAsync(CancellationToken cancellationToken) =>
        database.ReadAsync(db => Sizes(db, db.Set<Role>()).ToListAsync(cancellationToken), cancellationToken);

    /// <summary>One.</summary>
    /// <exception cref="NotFoundException">There is none with this id.</exception>
    public async Task<RoleSize> FindAsync(Guid id, CancellationToken cancellationToken) =>
        await database.ReadAsync(db => Sizes(db, db.Set<Role>().Where(role => role.Id == id)).SingleOrDefaultAsync(cancellationToken), cancellationToken) ?? throw new NotFoundException();

    /// <summary>Makes one.</summary>
    /// <returns>Its id.</returns>
    /// <exception cref="RejectedException"><c>roles.exists</c>: there is one of this name; <c>roles.tooMany</c></exception>
    public async Task<Guid> AddAsync(string name, Grants grants, CancellationToken cancellationToken)
    {
        var role = new Role { Id = Guid.CreateVersion7(clock.GetUtcNow()), Name = name, NormalizedName = Normalize(name), Grants = grants };
        await RefusingDuplicatesAsync(() => database.WriteAsync(
            async db =>
            {
                // One at a time: two could otherwise both be the last that there is room for.
                await HoldAsync(db, Role.AdminId, cancellationToken);
                if (await db.Set<Role>().CountAsync(cancellationToken) >= Most)
                {
                    throw new RejectedException("roles.tooMany", ("limit", Most.ToString(CultureInfo.InvariantCulture)));
                }

                db.Add(role);
                await db.SaveChangesAsync(cancellationToken);
            },
            cancellationToken));
        return role.Id;
    }

    /// <summary>Gives one another name, and has it permit something else.</summary>
    /// <param name="id">Which.</param>
    /// <param name="name">Its name; null: it keeps the one it has.</param>
    /// <param name="grants">What it permits from now on.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="NotFoundException">There is none with this id.</exception>
    /// <exception cref="RejectedException"><c>roles.exists</c>: there is another one of this name; <c>roles.fixed</c>: this one cannot be changed in this way; nobody would be left to run the server.</exception>
    public Task ChangeAsync(Guid id, string? name, Grants grants, CancellationToken cancellationToken) => RefusingDuplicatesAsync(() => database.WriteAsync(
        db => People.KeepingAnAdminAsync(
            db,
            async unit =>
            {
                var role = await unit.Set<Role>().AsNoTracking().SingleOrDefaultAsync(role => role.Id == id, cancellationToken) ?? throw new NotFoundException();
                var isFixed = role.Id == Role.AdminId ? grants != role.Grants : !Enum.GetValues<Grants>().Where(grant => grants.HasFlag(grant)).All(role.CanPermit);
                if (isFixed || (role.ComesAlong && name is not null))
                {
                    throw new RejectedException("roles.fixed");
                }

                var (next, normalized) = (name ?? role.Name, name is null ? role.NormalizedName : Normalize(name));
                return await unit.Set<Role>().Where(role => role.Id == id).ExecuteUpdateAsync(
                    set => set.SetProperty(role => role.Name, next).SetProperty(role => role.NormalizedName, normalized).SetProperty(role => role.Grants, grants), cancellationToken);
            },
            cancellationToken),
        cancellationToken));

    /// <summary>Removes one of the server's own that nobody has, and that nobody is to get.</summary>
    /// <exception cref="NotFoundException">There is none with this id.</exception>
    /// <exception cref="RejectedException"><c>roles.fixed</c>: it comes along; <c>roles.inUse</c></exception>
    public Task RemoveAsync(Guid id, CancellationToken cancellationToken) => database.WriteAsync(
        async db =>
        {
            await HoldAsync(db, id, cancellationToken);
            if ((await db.Set<Role>().AsNoTracking().SingleAsync(role => role.Id == id, cancellationToken)).ComesAlong)
            {
                throw new RejectedException("roles.fixed");
            }

            if (await IsInUseAsync(db, id, cancellationToken))
            {
                throw new RejectedException("roles.inUse");
            }

            await db.Set<Role>().Where(role => role.Id == id).ExecuteDeleteAsync(cancellationToken);
        },
        cancellationToken);

    /// <summary>Those whose role permits something.</summary>
    internal static IQueryable<Account> WhoMay(CalangoDb db, Grants grant) =>
        from account in db.Set<Account>()
        join role in db.Set<Role>() on account.RoleId equals role.Id
        where (role.Grants & grant) == grant
        select account;

    /// <summary>Keeps a role there, for whoever gets it, until the unit of work ends.</summary>
    /// <exception cref="NotFoundException">It is not there.</exception>
    internal static async Task HoldAsync(CalangoDb db, Guid id, CancellationToken cancellationToken)
    {
        if (await db.Set<Role>().Where(role => role.Id == id).ExecuteUpdateAsync(set => set.SetProperty(role => role.Name, role => role.Name), cancellationToken) == 0)
        {
            throw new NotFoundException();
        }
    }

    private async Task<bool> IsInUseAsync(CalangoDb db, Guid id, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        return await db.Set<Account>().AnyAsync(account => account.RoleId == id, cancellationToken)
            || await db.Set<Invitation>().AnyAsync(invitation => invitation.RoleId == id && invitation.ExpiresAt > now, cancellationToken)
            || (await db.Set<LoginProvider>().AsNoTracking().ToListAsync(cancellationToken)).Exists(provider => provider.Rules.Any(rule => rule.RoleId == id));
    }

    private static IQueryable<RoleSize> Sizes(CalangoDb db, IQueryable<Role> roles) =>
        roles.OrderBy(role => role.Id).Select(role => new RoleSize(role, db.Set<Account>().Count(account => account.RoleId == role.Id)));

    private static string Normalize(string name) => name.Trim().Normalize().ToUpperInvariant();

    private static async Task RefusingDuplicatesAsync(Func<Task> act)
    {
        try
        {
            await act();
        }
        catch (Exception exception) when (DatabaseFailure.IsDuplicate(exception))
        {
            throw new RejectedException("roles.exists");
        }
    }
}
