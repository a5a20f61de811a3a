using Calango.Core.Data;
using Calango.Core.Errors;
using Calango.Core.Identity;
using Microsoft.EntityFrameworkCore;

namespace Calango.Core.Quotas;

/// <summary>A quota as whoever runs the server sees it.</summary>
/// <param name="Rule">The quota.</param>
/// <param name="Subject">How the person or the group is called; null: it is for everybody.</param>
public sealed record NamedQuota(QuotaRule Rule, string? Subject);

/// <summary>How a quota stands for somebody now.</summary>
/// <param name="Quota">The quota.</param>
/// <param name="Holder">Whose balance it is: the person's, or the group's.</param>
/// <param name="HolderName">How they are called.</param>
/// <param name="Used">What was used.</param>
/// <param name="Reserved">What is put aside for calls that go on.</param>
/// <param name="Limit">How much there is, what was added included.</param>
/// <param name="EndsAt">When it begins anew.</param>
public sealed record QuotaStanding(NamedQuota Quota, Guid Holder, string HolderName, long Used, long Reserved, long Limit, DateTimeOffset EndsAt)
{
    /// <summary>What is left. A call that took more than was expected may have used more than there was.</summary>
    public long Left => Math.Max(0, Limit - Used - Reserved);
}

/// <summary>The quotas of a server. Thread-safe.</summary>
public sealed class QuotaRules(Database database, TimeProvider clock)
{
    /// <summary>Those after one, in the order in which they were made.</summary>
    /// <param name="search">What the name of the person, the group or the model has in it; null: anything.</param>
    /// <param name="after">The last of the page before; null: from the first.</param>
    /// <param name="count">At most so many.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<List<NamedQuota>> ListAsync(string? search, Guid? after, int count, CancellationToken cancellationToken)
    {
        var part = string.IsNullOrWhiteSpace(search) ? null : search.Trim().ToLowerInvariant();
        return database.ReadAsync(
            db => Named(db, db.Set<QuotaRule>().Where(rule => (after == null || rule.Id > after)
                && (part == null || rule.ModelId!.ToLower().Contains(part)
                    || db.Set<Account>().Any(account => account.Id == rule.SubjectId && account.Name.ToLower().Contains(part))
                    || db.Set<Group>().Any(group => group.Id == rule.SubjectId && group.Name.ToLower().Contains(part)))).OrderBy(rule => rule.Id).Take(count)).ToListAsync(cancellationToken),
            cancellationToken);
    }

    /// <summary>One.</summary>
    /// <exception cref="NotFoundException">There is none with this id.</exception>
    public async Task<NamedQuota> FindAsync(Guid id, CancellationToken cancellationToken) =>
        await database.ReadAsync(db => Named(db, db.Set<QuotaRule>().Where(rule => rule.Id == id)).SingleOrDefaultAsync(cancellationToken), cancellationToken) ?? throw new NotFoundException();

    /// <summary>Adds one. It counts from now on.</summary>
    /// <returns>Its id.</returns>
    public async Task<Guid> AddAsync(QuotaInput input, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var rule = new QuotaRule
        {
            Id = Guid.CreateVersion7(now),
            Scope = input.Scope,
            SubjectId = input.SubjectId,
            ConnectionId = input.Model?.ConnectionId,
            ModelId = input.Model?.ModelId,
            Unit = input.Unit,
            Period = input.Period,
            Limit = input.Limit,
            CreatedAt = now,
        };
        await database.WriteAsync(
            db =>
            {
                db.Add(rule);
                return db.SaveChangesAsync(cancellationToken);
            },
            cancellationToken);
        return rule.Id;
    }

    /// <summary>Changes how much one gives.</summary>
    /// <exception cref="NotFoundException">There is none with this id.</exception>
    public async Task ChangeAsync(Guid id, long limit, CancellationToken cancellationToken)
    {
        if (await database.WriteAsync(
            db => db.Set<QuotaRule>().Where(rule => rule.Id == id).ExecuteUpdateAsync(set => set.SetProperty(rule => rule.Limit, limit), cancellationToken), cancellationToken) == 0)
        {
            throw new NotFoundException();
        }
    }

    /// <summary>Removes one with its balances. Removing twice is fine.</summary>
    public Task RemoveAsync(Guid id, CancellationToken cancellationToken) =>
        database.WriteAsync(db => db.Set<QuotaRule>().Where(rule => rule.Id == id).ExecuteDeleteAsync(cancellationToken), cancellationToken);

    /// <summary>Adds something to what somebody, or a group, has in this period.</summary>
    /// <exception cref="NotFoundException">There is no such quota, or it is not theirs.</exception>
    public Task TopUpAsync(Guid id, Guid holder, long amount, CancellationToken cancellationToken) => database.WriteAsync(
        async db =>
        {
            var rule = await db.Set<QuotaRule>().AsNoTracking().SingleOrDefaultAsync(rule => rule.Id == id, cancellationToken) ?? throw new NotFoundException();
            if (rule.SubjectId is { } subject ? subject != holder : !await db.Set<Account>().AnyAsync(account => account.Id == holder, cancellationToken))
            {
                throw new NotFoundException();
            }

            var period = QuotaBalance.KeyOf(rule.Period, clock.GetUtcNow());
            await QuotaBook.MakeAsync(db, id, holder, period, cancellationToken);
            await db.Set<QuotaBalance>().Where(balance => balance.RuleId == id && balance.HolderId == holder && balance.Period == period)
                .ExecuteUpdateAsync(set => set.SetProperty(balance => balance.Extra, balance => balance.Extra + amount), cancellationToken);
        },
        cancellationToken);

    /// <summary>How those stand that hold for somebody.</summary>
    public Task<List<QuotaStanding>> OfAsync(Guid accountId, CancellationToken cancellationToken) => database.ReadAsync(
        async db =>
        {
            var now = clock.GetUtcNow();
            var named = await Named(db, QuotaBook.For(db, accountId).OrderBy(rule => rule.Id)).ToListAsync(cancellationToken);
            var ids = named.ConvertAll(entry => entry.Rule.Id);
            var holders = named.ConvertAll(entry => entry.Rule.HolderOf(accountId));
            var (day, month) = (QuotaBalance.KeyOf(QuotaPeriod.Day, now), QuotaBalance.KeyOf(QuotaPeriod.Month, now));
            var balances = await db.Set<QuotaBalance>()
                .Where(balance => ids.Contains(balance.RuleId) && holders.Contains(balance.HolderId) && (balance.Period == day || balance.Period == month)).ToListAsync(cancellationToken);
            return named.ConvertAll(entry =>
            {
                var holder = entry.Rule.HolderOf(accountId);
                return StandingOf(entry, holder, entry.Subject ?? "", balances.Find(balance => balance.RuleId == entry.Rule.Id && balance.HolderId == holder && balance.Period == QuotaBalance.KeyOf(entry.Rule.Period, now)), now);
            });
        },
        cancellationToken);

    /// <summary>How one stands for those who have used something of it in this period, after one of them.</summary>
    /// <param name="quota">The quota.</param>
    /// <param name="after">The last of the page before; null: from the first.</param>
    /// <param name="count">At most so many.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<List<QuotaStanding>> StandingsAsync(NamedQuota quota, Guid? after, int count, CancellationToken cancellationToken) => database.ReadAsync(
        async db =>
        {
            var now = clock.GetUtcNow();
            var (id, period) = (quota.Rule.Id, QuotaBalance.KeyOf(quota.Rule.Period, now));
            var balances = await db.Set<QuotaBalance>().Where(balance => balance.RuleId == id && balance.Period == period && (after == null || balance.HolderId > after))
                .OrderBy(balance => balance.HolderId).Take(count).ToListAsync(cancellationToken);
            var holders = balances.ConvertAll(balance => balance.HolderId);
            var names = await db.Set<Account>().Where(account => holders.Contains(account.Id)).ToDictionaryAsync(account => account.Id, account => account.Name, cancellationToken);
            return balances.ConvertAll(balance => StandingOf(quota, balance.HolderId, names.GetValueOrDefault(balance.HolderId) ?? quota.Subject ?? "", balance, now));
        },
        cancellationToken);

    private static QuotaStanding StandingOf(NamedQuota quota, Guid holder, string name, QuotaBalance? balance, DateTimeOffset now) =>
        new(quota, holder, name, balance?.Used ?? 0, balance?.Reserved ?? 0, quota.Rule.Limit + (balance?.Extra ?? 0), QuotaBalance.EndOf(quota.Rule.Period, now));

    private static IQueryable<NamedQuota> Named(CalangoDb db, IQueryable<QuotaRule> rules) => rules.Select(rule => new NamedQuota(
        rule,
        rule.Scope == QuotaScope.Person ? db.Set<Account>().Where(account => account.Id == rule.SubjectId).Select(account => account.Name).FirstOrDefault()
            : rule.Scope == QuotaScope.Group ? db.Set<Group>().Where(group => group.Id == rule.SubjectId).Select(group => group.Name).FirstOrDefault()
            : null));
}

/// <summary>A quota as an administrator enters it. Checked at the edge.</summary>
/// <param name="Scope">For whom.</param>
/// <param name="SubjectId">The account or the group; null: it is for everybody.</param>
/// <param name="Model">The model; null: all together.</param>
/// <param name="Unit">What is counted.</param>
/// <param name="Period">After which time it begins anew.</param>
/// <param name="Limit">How much.</param>
public sealed record QuotaInput(QuotaScope Scope, Guid? SubjectId, Models.ModelRef? Model, QuotaUnit Unit, QuotaPeriod Period, long Limit);
