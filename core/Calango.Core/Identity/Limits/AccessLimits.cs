using Calango.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Calango.Core.Identity;

/// <summary>
/// Who may use which model, tool and plugin. Read anew each time: what an administrator changes holds for the next turn on every
/// replica. On a laptop there are no groups, and nobody is kept from anything. Thread-safe.
/// </summary>
public sealed class AccessLimits(Database database, CoreOptions options)
{
    /// <summary>What somebody may use now.</summary>
    public Task<PersonalAccess> OfAsync(Guid accountId, CancellationToken cancellationToken) => options.Secret is null ? Task.FromResult(PersonalAccess.Everything) : database.ReadAsync(
        async db =>
        {
            var limits = await db.Set<AccessLimit>().ToListAsync(cancellationToken);
            if (limits.Count == 0)
            {
                return PersonalAccess.Everything;
            }

            var groups = await db.Set<Membership>().Where(membership => membership.AccountId == accountId).Select(membership => membership.GroupId).ToListAsync(cancellationToken);
            return new PersonalAccess(limits.Where(limit => !limit.Groups.Intersect(groups).Any()));
        },
        cancellationToken);

    /// <summary>All limits of a kind, by key.</summary>
    public Task<Dictionary<string, AccessLimit>> ListAsync(AccessKind kind, CancellationToken cancellationToken) =>
        database.ReadAsync(db => db.Set<AccessLimit>().Where(limit => limit.Kind == kind).ToDictionaryAsync(limit => limit.Key, cancellationToken), cancellationToken);

    /// <summary>Says who may use something.</summary>
    /// <param name="kind">What kind of thing it is.</param>
    /// <param name="key">Which.</param>
    /// <param name="groups">Those groups alone; null: everybody.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task SetAsync(AccessKind kind, string key, IReadOnlyList<Guid>? groups, CancellationToken cancellationToken) => database.WriteAsync(
        async db =>
        {
            await db.Set<AccessLimit>().Where(limit => limit.Kind == kind && limit.Key == key).ExecuteDeleteAsync(cancellationToken);
            if (groups is not null)
            {
                db.Add(new AccessLimit { Kind = kind, Key = key, Groups = [.. groups.Distinct()] });
                await db.SaveChangesAsync(cancellationToken);
            }
        },
        cancellationToken);
}
