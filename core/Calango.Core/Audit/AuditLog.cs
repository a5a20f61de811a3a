using Calango.Core.Data;
using Calango.Core.Identity;
using Microsoft.EntityFrameworkCore;

namespace Calango.Core.Audit;

/// <summary>
/// What was done that bears on security. Each entry's hash covers the one before, and the last one's is kept outside the database as
/// well (<see cref="AuditAnchor"/>): whoever changes, removes or adds rows without the server's secret is found out, and whoever
/// cuts off the end, too. Thread-safe.
/// </summary>
public sealed class AuditLog
{
    private const int AtOnce = 1000;

    // Any number that no other lock of ours has; PostgreSQL's are of a database.
    private const long PostgresLock = 0x6361_6c61_6e67_6f61;

    private readonly Database _database;
    private readonly AuditAnchor _anchor;
    private readonly TimeProvider _clock;
    private readonly byte[] _key;

    internal AuditLog(Database database, AuditAnchor anchor, ServerSecret secret, TimeProvider clock) =>
        (_database, _anchor, _clock, _key) = (database, anchor, clock, secret.Derive("audit", 32));

    /// <summary>Writes an act down.</summary>
    /// <param name="origin">Who did it, and from where.</param>
    /// <param name="act">One of <see cref="AuditActs"/>.</param>
    /// <param name="subject">To whom or what.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task AppendAsync(AuditOrigin origin, string act, string subject, CancellationToken cancellationToken) =>
        _anchor.Move(await _database.WriteAsync(db => AppendAsync(db, origin, act, subject, cancellationToken), cancellationToken));

    /// <summary>Those before one, the newest first.</summary>
    /// <param name="act">Only such; null: any.</param>
    /// <param name="before">The last of the page before; null: from the newest.</param>
    /// <param name="count">At most so many.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<List<AuditEntry>> ListAsync(string? act, long? before, int count, CancellationToken cancellationToken) => _database.ReadAsync(
        db => db.Set<AuditEntry>()
            .Where(entry => (act == null || entry.Act == act) && (before == null || entry.Sequence < before))
            .OrderByDescending(entry => entry.Sequence).Take(count).ToListAsync(cancellationToken),
        cancellationToken);

    /// <summary>All, the oldest first, read bit by bit.</summary>
    public async IAsyncEnumerable<AuditEntry> ReadAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var last = 0L; ;)
        {
            var after = last;
            var some = await _database.ReadAsync(
                db => db.Set<AuditEntry>().Where(entry => entry.Sequence > after).OrderBy(entry => entry.Sequence).Take(AtOnce).ToListAsync(cancellationToken), cancellationToken);
            foreach (var entry in some)
            {
                yield return entry;
                last = entry.Sequence;
            }

            if (some.Count < AtOnce)
            {
                yield break;
            }
        }
    }

    /// <summary>Goes through all of it, up to the first row that is not as it was written.</summary>
    public async Task<AuditCheck> CheckAsync(CancellationToken cancellationToken)
    {
        var anchors = _anchor.Read();
        byte[] before = [];
        var count = 0L;
        await foreach (var entry in ReadAsync(cancellationToken))
        {
            count++;
            var hash = entry.ComputeHash(_key, before);
            if (entry.Sequence != count || !hash.AsSpan().SequenceEqual(entry.Hash) || (anchors.TryGetValue(count, out var kept) && !kept.AsSpan().SequenceEqual(hash)))
            {
                return new AuditCheck(count, count);
            }

            before = hash;
        }

        var end = anchors.Keys.DefaultIfEmpty(0).Max();
        return new AuditCheck(count, end > count ? count + 1 : null);
    }

    private async Task<AuditEntry> AppendAsync(CalangoDb db, AuditOrigin origin, string act, string subject, CancellationToken cancellationToken)
    {
        if (!db.IsSqlite)
        {
            // Until the commit: two that took the same place would break the chain. SQLite has one writer.
            await db.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock({PostgresLock})", cancellationToken);
        }

        var last = await db.Set<AuditEntry>().AsNoTracking().OrderByDescending(entry => entry.Sequence).FirstOrDefaultAsync(cancellationToken);
        AuditEntry Of(byte[] hash, DateTimeOffset at) => new()
        {
            Sequence = (last?.Sequence ?? 0) + 1,
            At = at,
            AccountId = origin.AccountId,
            Act = act,
            Subject = subject.Length > 300 ? subject[..300] : subject,
            Address = origin.Address,
            RequestId = origin.RequestId,
            Hash = hash,
        };
        var now = DateTimeOffset.FromUnixTimeMilliseconds(_clock.GetUtcNow().ToUnixTimeMilliseconds());
        var entry = Of(Of([], now).ComputeHash(_key, last?.Hash ?? []), now);
        db.Add(entry);
        await db.SaveChangesAsync(cancellationToken);
        return entry;
    }
}

/// <summary>What a check of the log has found.</summary>
/// <param name="Checked">How many entries were looked at.</param>
/// <param name="FirstBad">The first place at which something is not as it was written; null: all is.</param>
public sealed record AuditCheck(long Checked, long? FirstBad);
