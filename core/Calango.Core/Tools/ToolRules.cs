using Calango.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Calango.Core.Tools;

/// <summary>What people have said of tools. Thread-safe.</summary>
public sealed class ToolRules(Database database)
{
    /// <summary>All that a person has said, by the tool's key.</summary>
    public Task<Dictionary<string, ToolPermission>> OfAsync(Guid accountId, CancellationToken cancellationToken) => database.ReadAsync(
        db => db.Set<ToolRule>().Where(rule => rule.AccountId == accountId).ToDictionaryAsync(rule => rule.Key, rule => rule.Permission, cancellationToken), cancellationToken);

    /// <summary>Says something of a tool.</summary>
    public Task SetAsync(Guid accountId, string key, ToolPermission permission, CancellationToken cancellationToken) => database.WriteAsync(async db =>
    {
        if (await db.Set<ToolRule>().SingleOrDefaultAsync(rule => rule.AccountId == accountId && rule.Key == key, cancellationToken) is { } stored)
        {
            stored.Permission = permission;
        }
        else
        {
            db.Add(new ToolRule { AccountId = accountId, Key = key, Permission = permission });
        }

        await db.SaveChangesAsync(cancellationToken);
    }, cancellationToken);
}
