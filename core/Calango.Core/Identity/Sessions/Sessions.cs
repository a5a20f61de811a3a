using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Calango.Core.Data;
using Calango.Core.Errors;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;

namespace Calango.Core.Identity;

/// <summary>
/// The browsers in which people have signed in. A session lives in the database alone: what ends there has ended, in every
/// replica, at the next request; <see cref="SessionEnds"/> tells what is still open. Thread-safe.
/// </summary>
public sealed partial class Sessions(Database database, SessionEnds ends, SessionLimits limits, IDataProtectionProvider protection, TimeProvider clock)
{
    /// <summary>How lately somebody without a password must have signed in for what asks others for theirs.</summary>
    public static readonly TimeSpan FreshFor = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    // A page asks for more than who it is for: where the database is silent, that must not take its whole time.
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(1);
    private readonly SessionMemory _memory = new(clock);

    /// <summary>Opens one, and returns what its cookie must hold; it is known to nobody else, and not kept.</summary>
    /// <param name="accountId">Whose.</param>
    /// <param name="device">What the browser says of itself.</param>
    /// <param name="address">Where it is.</param>
    /// <param name="lifetime">How long it lasts unless it is renewed.</param>
    /// <param name="login">The provider's login with which they came; null: with none.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<string> OpenAsync(Guid accountId, string device, string address, TimeSpan lifetime, ExternalIdentity? login, CancellationToken cancellationToken)
    {
        var key = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        var now = clock.GetUtcNow();
        await database.WriteAsync(
            db =>
            {
                var id = Guid.CreateVersion7(now);
                db.Add(new Session
                {
                    Id = id,
                    AccountId = accountId,
                    KeyHash = Hash(key),
                    Device = device.Length > Session.MaxDeviceLength ? device[..Session.MaxDeviceLength] : device,
                    Address = address,
                    CreatedAt = now,
                    SeenAt = now,
                    RenewedAt = now,
                    ExpiresAt = now + (lifetime < limits.Longest ? lifetime : limits.Longest),
                });
                if (login is not null)
                {
                    db.Add(ExternalOf(id, login));
                }

                return db.SaveChangesAsync(cancellationToken);
            },
            cancellationToken);
        return key;
    }

    /// <summary>
    /// Who is behind a cookie; null: nobody any more. Somebody who is suspended is nobody. While the database is away, or takes more
    /// than a second, it is whoever it was when it was last asked, for an hour at most.
    /// </summary>
    /// <exception cref="DatabaseUnavailableException">It cannot be asked, and this replica knows nothing of the cookie.</exception>
    public async Task<SignedIn?> FindAsync(string key, CancellationToken cancellationToken)
    {
        var isKnown = _memory.Recall(key) is not null;
        var asking = AskAndRememberAsync(key, cancellationToken);
        try
        {
            return await (isKnown ? asking.WaitAsync(LongestWait, clock, cancellationToken) : asking);
        }
        catch (Exception away) when (isKnown && away is DatabaseUnavailableException or TimeoutException)
        {
            // It may still fail, and nobody waits for it any more.
            _ = asking.ContinueWith(late => late.Exception, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            return _memory.Recall(key);
        }
    }

    /// <summary>Lets one that is used last longer, but not beyond its end.</summary>
    /// <param name="key">What its cookie holds.</param>
    /// <param name="person">Who is behind it.</param>
    /// <param name="lifetime">How long it lasts from now on unless it is renewed again.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task RenewAsync(string key, SignedIn person, TimeSpan lifetime, CancellationToken cancellationToken)
    {
        var (hash, now) = (Hash(key), clock.GetUtcNow());
        var expiresAt = now + lifetime < person.EndsAt ? now + lifetime : person.EndsAt;
        return database.WriteAsync(
            db => db.Set<Session>().Where(session => session.KeyHash == hash && session.EndedAt == null && session.ExpiresAt > now)
                .ExecuteUpdateAsync(set => set.SetProperty(session => session.RenewedAt, now).SetProperty(session => session.ExpiresAt, expiresAt), cancellationToken),
            cancellationToken);
    }

    /// <summary>Somebody's, the last used first.</summary>
    public Task<List<Session>> ListAsync(Guid accountId, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        return database.ReadAsync(
            db => db.Set<Session>().Where(session => session.AccountId == accountId && session.EndedAt == null && session.ExpiresAt > now)
                .OrderByDescending(session => session.SeenAt).ToListAsync(cancellationToken),
            cancellationToken);
    }

    /// <summary>Whether somebody has signed in lately enough for what asks others for their password again.</summary>
    public async Task<bool> IsFreshAsync(Guid accountId, Guid id, CancellationToken cancellationToken) =>
        (await ListAsync(accountId, cancellationToken)).Any(session => session.Id == id && clock.GetUtcNow() - session.CreatedAt <= FreshFor);

    /// <summary>Ends the one behind a cookie; nothing happens if it has ended.</summary>
    public Task EndAsync(string key, CancellationToken cancellationToken)
    {
        var hash = Hash(key);
        return EndAsync(db => db.Set<Session>().Where(session => session.KeyHash == hash), cancellationToken);
    }

    /// <summary>Ends one of somebody's.</summary>
    /// <exception cref="NotFoundException">It has ended, or is not theirs.</exception>
    public async Task EndAsync(Guid accountId, Guid id, CancellationToken cancellationToken)
    {
        if (await EndAsync(db => db.Set<Session>().Where(session => session.AccountId == accountId && session.Id == id), cancellationToken) == 0)
        {
            throw new NotFoundException();
        }
    }

    /// <summary>Ends all of somebody's.</summary>
    /// <param name="accountId">Whose.</param>
    /// <param name="except">The one that goes on; null: none does.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task EndAllAsync(Guid accountId, Guid? except, CancellationToken cancellationToken) =>
        EndAsync(db => db.Set<Session>().Where(session => session.AccountId == accountId && session.Id != except), cancellationToken);

    // An answer that comes too late for one request counts for the next: a slow database keeps nobody in.
    private async Task<SignedIn?> AskAndRememberAsync(string key, CancellationToken cancellationToken)
    {
        var person = await AskAsync(key, cancellationToken);
        if (person is null)
        {
            _memory.Forget(key);
        }
        else
        {
            _memory.Keep(key, person);
        }

        return person;
    }

    private async Task<SignedIn?> AskAsync(string key, CancellationToken cancellationToken)
    {
        var (hash, now) = (Hash(key), clock.GetUtcNow());
        var found = await database.ReadAsync(
            db =>
            {
                var lacking = SecondStepPolicy.Lacking(db);
                var open = from session in db.Set<Session>()
                           join account in db.Set<Account>() on session.AccountId equals account.Id
                           join role in db.Set<Role>() on account.RoleId equals role.Id
                           where session.KeyHash == hash && session.EndedAt == null && session.ExpiresAt > now && account.SuspendedAt == null
                           select new { Session = session, account.Name, account.RemoveAt, role.Grants, LacksSecondStep = lacking.Any(other => other.Id == account.Id) };
                return open.SingleOrDefaultAsync(cancellationToken);
            },
            cancellationToken);
        if (found is null || found.Session.CreatedAt + limits.Longest <= now)
        {
            return null;
        }

        if (now - found.Session.SeenAt >= Minute)
        {
            await NoteAsync(found.Session.Id, now, cancellationToken);
        }

        return new SignedIn(found.Session.Id, found.Session.AccountId, found.Name, found.Grants, found.Session.RenewedAt, found.Session.ExpiresAt, found.Session.CreatedAt + limits.Longest, found.RemoveAt)
        {
            LacksSecondStep = found.LacksSecondStep,
        };
    }

    private async Task<int> EndAsync(Func<CalangoDb, IQueryable<Session>> which, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var ended = await database.WriteAsync(
            async db =>
            {
                var ids = await which(db).Where(session => session.EndedAt == null).Select(session => session.Id).ToListAsync(cancellationToken);
                await db.Set<Session>().Where(session => ids.Contains(session.Id)).ExecuteUpdateAsync(set => set.SetProperty(session => session.EndedAt, now), cancellationToken);
                return ids;
            },
            cancellationToken);
        _memory.Forget(ended);
        ends.Tell(ended);
        return ended.Count;
    }

    private Task NoteAsync(Guid id, DateTimeOffset now, CancellationToken cancellationToken) => database.WriteAsync(
        db => db.Set<Session>().Where(session => session.Id == id).ExecuteUpdateAsync(set => set.SetProperty(session => session.SeenAt, now), cancellationToken),
        cancellationToken);

    private static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}
