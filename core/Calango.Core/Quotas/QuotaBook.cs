using System.Globalization;
using Calango.Core.Data;
using Calango.Core.Errors;
using Calango.Core.Identity;
using Calango.Core.Models;
using Microsoft.EntityFrameworkCore;

namespace Calango.Core.Quotas;

/// <summary>
/// Puts aside what a call is expected to take before it begins, and counts what it took when it has ended. Balances change by
/// single statements that hold their own condition, always in the same order: however many ask at once, and at however many
/// replicas, no more is given out than there is. Runs inside a unit of work. Thread-safe.
/// </summary>
internal sealed class QuotaBook(TimeProvider clock)
{
    /// <summary>Puts aside what a call is expected to take, in every quota that holds for it; to what is put aside already for it, it is added.</summary>
    /// <exception cref="RejectedException"><c>quota.…</c>: one has no room for it. The whole unit of work is to be given up.</exception>
    public async Task ReserveAsync(CalangoDb db, Guid id, Guid accountId, ModelRef model, Func<Task<QuotaAmount>> expects, TimeSpan longest, CancellationToken cancellationToken)
    {
        var rules = await RulesAsync(db, accountId, model, cancellationToken);
        if (rules.Count == 0)
        {
            return;
        }

        var now = clock.GetUtcNow();
        var expected = await expects();
        var holds = new List<QuotaHold>();
        foreach (var rule in rules)
        {
            var hold = new QuotaHold(rule.Id, rule.HolderOf(accountId), QuotaBalance.KeyOf(rule.Period, now), expected.In(rule.Unit));
            if (!await TryHoldAsync(db, hold, rule.Limit, cancellationToken))
            {
                throw await RefusalAsync(db, rule, hold, now, cancellationToken);
            }

            holds.Add(hold);
        }

        if (await TakeAsync(db, id, cancellationToken) is { } before)
        {
            holds.InsertRange(0, before.Holds);
        }

        db.Add(new QuotaReservation
        {
            Id = id,
            AccountId = accountId,
            InputTokens = expected.InputTokens,
            OutputTokens = expected.OutputTokens,
            NanoUsd = expected.NanoUsd,
            Holds = holds,
            ExpiresAt = now + longest,
        });
        await db.SaveChangesAsync(cancellationToken);
    }

    /// <summary>Gives back what was put aside for a call, and counts what it took. A call that was settled, or for which nothing was put aside, changes nothing.</summary>
    /// <returns>Whether something was put aside for it.</returns>
    public Task<bool> SettleAsync(CalangoDb db, Guid id, ModelRef model, QuotaAmount took, CancellationToken cancellationToken) => SettleAsync(db, id, model, _ => took, cancellationToken);

    /// <inheritdoc cref="SettleAsync(CalangoDb, Guid, ModelRef, QuotaAmount, CancellationToken)"/>
    public async Task<bool> SettleAsync(CalangoDb db, Guid id, ModelRef model, Func<QuotaReservation, QuotaAmount> took, CancellationToken cancellationToken)
    {
        if (await TakeAsync(db, id, cancellationToken) is not { } reservation)
        {
            return false;
        }

        await CountAsync(db, reservation.AccountId, model, took(reservation), reservation.Holds, cancellationToken);
        return true;
    }

    /// <summary>Counts what a call took for which nothing was put aside: it is never refused.</summary>
    public Task CountAsync(CalangoDb db, Guid accountId, ModelRef model, QuotaAmount took, CancellationToken cancellationToken) => CountAsync(db, accountId, model, took, [], cancellationToken);

    /// <summary>Gives back what was put aside for calls that nobody can be at any more.</summary>
    /// <returns>How many.</returns>
    public async Task<int> GiveBackExpiredAsync(CalangoDb db, int most, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var expired = await db.Set<QuotaReservation>().AsNoTracking().Where(reservation => reservation.ExpiresAt < now).OrderBy(reservation => reservation.Id).Take(most).ToListAsync(cancellationToken);
        var holds = new List<QuotaHold>();
        foreach (var reservation in expired)
        {
            if (await db.Set<QuotaReservation>().Where(row => row.Id == reservation.Id).ExecuteDeleteAsync(cancellationToken) > 0)
            {
                holds.AddRange(reservation.Holds);
            }
        }

        await ChangeAsync(db, holds.Select(hold => new Change(hold.RuleId, hold.HolderId, hold.Period, -hold.Amount, 0)), cancellationToken);
        return expired.Count;
    }

    private async Task CountAsync(CalangoDb db, Guid accountId, ModelRef model, QuotaAmount took, IReadOnlyList<QuotaHold> holds, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var rules = await RulesAsync(db, accountId, model, cancellationToken);
        // It counts in the period in which it was asked for; another model than the one that was wanted may have answered, which has its own quotas.
        var counted = rules.Select(rule => new Change(
            rule.Id, rule.HolderOf(accountId), holds.FirstOrDefault(hold => hold.RuleId == rule.Id)?.Period ?? QuotaBalance.KeyOf(rule.Period, now), 0, took.In(rule.Unit)));
        await ChangeAsync(db, counted.Concat(holds.Select(hold => new Change(hold.RuleId, hold.HolderId, hold.Period, -hold.Amount, 0))), cancellationToken);
    }

    // In the order of the quotas, as those who reserve: nobody waits for somebody who waits for them.
    private static async Task ChangeAsync(CalangoDb db, IEnumerable<Change> changes, CancellationToken cancellationToken)
    {
        foreach (var group in changes.GroupBy(change => (change.RuleId, change.HolderId, change.Period)).OrderBy(group => group.Key.RuleId).ThenBy(group => group.Key.HolderId).ThenBy(group => group.Key.Period, StringComparer.Ordinal))
        {
            var (rule, holder, period) = group.Key;
            var (reserved, used) = (group.Sum(change => change.Reserved), group.Sum(change => change.Used));
            if (reserved == 0 && used == 0)
            {
                continue;
            }

            if (await AddAsync() == 0 && used > 0)
            {
                await MakeAsync(db, rule, holder, period, cancellationToken);
                await AddAsync();
            }

            Task<int> AddAsync() => db.Set<QuotaBalance>().Where(balance => balance.RuleId == rule && balance.HolderId == holder && balance.Period == period)
                .ExecuteUpdateAsync(set => set.SetProperty(balance => balance.Reserved, balance => balance.Reserved + reserved).SetProperty(balance => balance.Used, balance => balance.Used + used), cancellationToken);
        }
    }

    private static async Task<bool> TryHoldAsync(CalangoDb db, QuotaHold hold, long limit, CancellationToken cancellationToken)
    {
        if (await AddAsync() > 0)
        {
            return true;
        }

        await MakeAsync(db, hold.RuleId, hold.HolderId, hold.Period, cancellationToken);
        return await AddAsync() > 0;

        Task<int> AddAsync() => db.Set<QuotaBalance>()
            .Where(balance => balance.RuleId == hold.RuleId && balance.HolderId == hold.HolderId && balance.Period == hold.Period && balance.Used + balance.Reserved + hold.Amount <= limit + balance.Extra)
            .ExecuteUpdateAsync(set => set.SetProperty(balance => balance.Reserved, balance => balance.Reserved + hold.Amount), cancellationToken);
    }

    // Somebody else may do so at the same moment. The rule may have been removed, too: then nothing is made.
    internal static Task<int> MakeAsync(CalangoDb db, Guid rule, Guid holder, string period, CancellationToken cancellationToken) => db.Database.ExecuteSqlAsync(
        $"""
        INSERT INTO quota_balances ("RuleId", "HolderId", "Period", "Used", "Reserved", "Extra")
        SELECT "Id", {holder}, {period}, 0, 0, 0 FROM quota_rules WHERE "Id" = {rule} ON CONFLICT DO NOTHING
        """,
        cancellationToken);

    private static async Task<QuotaReservation?> TakeAsync(CalangoDb db, Guid id, CancellationToken cancellationToken) =>
        await db.Set<QuotaReservation>().AsNoTracking().SingleOrDefaultAsync(reservation => reservation.Id == id, cancellationToken) is { } found
        && await db.Set<QuotaReservation>().Where(reservation => reservation.Id == id).ExecuteDeleteAsync(cancellationToken) > 0
            ? found
            : null;

    private static async Task<List<QuotaRule>> RulesAsync(CalangoDb db, Guid accountId, ModelRef model, CancellationToken cancellationToken) =>
        [.. (await For(db, accountId).ToListAsync(cancellationToken)).Where(rule => rule.IsAbout(model)).OrderBy(rule => rule.Id)];

    internal static IQueryable<QuotaRule> For(CalangoDb db, Guid accountId) => db.Set<QuotaRule>().AsNoTracking().Where(rule =>
        rule.Scope == QuotaScope.Everybody
        || (rule.Scope == QuotaScope.Person && rule.SubjectId == accountId)
        || (rule.Scope == QuotaScope.Group && db.Set<Membership>().Any(membership => membership.AccountId == accountId && membership.GroupId == rule.SubjectId)));

    private static async Task<RejectedException> RefusalAsync(CalangoDb db, QuotaRule rule, QuotaHold hold, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var balance = await db.Set<QuotaBalance>().AsNoTracking()
            .SingleOrDefaultAsync(row => row.RuleId == hold.RuleId && row.HolderId == hold.HolderId && row.Period == hold.Period, cancellationToken);
        var limit = rule.Limit + (balance?.Extra ?? 0);
        var left = Math.Max(0, limit - (balance?.Used ?? 0) - (balance?.Reserved ?? 0));
        var end = QuotaBalance.EndOf(rule.Period, now);
        var group = rule.Scope == QuotaScope.Group ? await db.Set<Group>().Where(row => row.Id == rule.SubjectId).Select(row => row.Name).SingleOrDefaultAsync(cancellationToken) : null;
        var unit = rule.Unit == QuotaUnit.Tokens ? "tokens" : "money";
        return new RejectedException(
            $"quota.{(rule.Scope == QuotaScope.Group ? "group" : "person")}.{unit}{(rule.Model is null ? "" : ".model")}",
            ("limit", Written(limit)), ("left", Written(left)), ("needed", Written(hold.Amount)),
            ("resets", end.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)), ("seconds", Math.Ceiling((end - now).TotalSeconds).ToString("0", CultureInfo.InvariantCulture)),
            ("group", group ?? ""), ("model", rule.ModelId ?? ""));

        string Written(long amount) => rule.Unit == QuotaUnit.Tokens ? amount.ToString("N0", CultureInfo.InvariantCulture) : (amount / 1_000_000_000m).ToString("0.00####", CultureInfo.InvariantCulture);
    }

    private sealed record Change(Guid RuleId, Guid HolderId, string Period, long Reserved, long Used);
}
