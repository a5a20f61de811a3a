using Calango.Core.Data;
using Calango.Core.Errors;
using Microsoft.EntityFrameworkCore;

namespace Calango.Core.Identity;

/// <summary>A login of somebody's, as they see it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Provider">With whom.</param>
/// <param name="CreatedAt">Since when.</param>
/// <param name="UsedAt">When they last came in with it; null: never.</param>
public sealed record LinkedLogin(Guid Id, LoginProvider Provider, DateTimeOffset CreatedAt, DateTimeOffset? UsedAt);

/// <summary>The providers' logins that open people's accounts. Thread-safe.</summary>
public sealed class LinkedLogins(Database database, Sessions sessions, TimeProvider clock)
{
    /// <summary>Somebody's, the oldest first.</summary>
    public Task<List<LinkedLogin>> ListAsync(Guid accountId, CancellationToken cancellationToken) => database.ReadAsync(
        db => (from login in db.Set<ExternalLogin>()
               join provider in db.Set<LoginProvider>() on login.ProviderId equals provider.Id
               where login.AccountId == accountId
               orderby login.Id
               select new LinkedLogin(login.Id, provider, login.CreatedAt, login.UsedAt)).ToListAsync(cancellationToken),
        cancellationToken);

    /// <summary>How many people come in with a provider.</summary>
    public Task<int> CountAsync(Guid providerId, CancellationToken cancellationToken) =>
        database.ReadAsync(db => db.Set<ExternalLogin>().CountAsync(login => login.ProviderId == providerId, cancellationToken), cancellationToken);

    /// <summary>Lets a login open somebody's account from now on.</summary>
    /// <param name="accountId">Whoever was signed in when it was begun, and still is.</param>
    /// <param name="identity">The login.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="LoginRefusedException">It opens somebody else's.</exception>
    public async Task LinkAsync(Guid accountId, ExternalIdentity identity, CancellationToken cancellationToken)
    {
        try
        {
            await database.WriteAsync(
                async db =>
                {
                    if (await FindAsync(db, identity, cancellationToken) is { } there)
                    {
                        _ = there.AccountId == accountId ? there : throw new LoginRefusedException(LoginRefusal.LoginTaken);
                        return;
                    }

                    Add(db, accountId, identity, usedAt: null);
                    await db.SaveChangesAsync(cancellationToken);
                },
                cancellationToken);
        }
        catch (Exception exception) when (DatabaseFailure.IsDuplicate(exception))
        {
            throw new LoginRefusedException(LoginRefusal.LoginTaken);
        }
    }

    /// <summary>Takes a login from somebody. All their other sessions end: whoever came in with it is out.</summary>
    /// <param name="accountId">Whose.</param>
    /// <param name="id">Which.</param>
    /// <param name="session">The session that goes on.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="NotFoundException">It is not there, or not theirs.</exception>
    /// <exception cref="RejectedException">They would have no way in any more.</exception>
    public async Task RemoveAsync(Guid accountId, Guid id, Guid session, CancellationToken cancellationToken)
    {
        await database.WriteAsync(
            async db =>
            {
                // Takes the row: of two that are removed at once, the second finds itself to be the last.
                await db.Set<Account>().Where(account => account.Id == accountId).ExecuteUpdateAsync(set => set.SetProperty(account => account.Name, account => account.Name), cancellationToken);
                if (await db.Set<ExternalLogin>().Where(login => login.AccountId == accountId && login.Id == id).ExecuteDeleteAsync(cancellationToken) == 0)
                {
                    throw new NotFoundException();
                }

                if (!await HasPasswordAsync(db, accountId, cancellationToken) && !await WaysOf(db, accountId).AnyAsync(cancellationToken))
                {
                    throw new RejectedException("logins.last");
                }
            },
            cancellationToken);
        await sessions.EndAllAsync(accountId, except: session, cancellationToken);
    }

    internal static Task<ExternalLogin?> FindAsync(CalangoDb db, ExternalIdentity identity, CancellationToken cancellationToken) => db.Set<ExternalLogin>().AsNoTracking()
        .SingleOrDefaultAsync(login => login.Issuer == identity.Issuer && login.Subject == identity.Subject, cancellationToken);

    internal void Add(CalangoDb db, Guid accountId, ExternalIdentity identity, DateTimeOffset? usedAt) => db.Add(new ExternalLogin
    {
        Id = Guid.CreateVersion7(clock.GetUtcNow()),
        AccountId = accountId,
        ProviderId = identity.ProviderId,
        Issuer = identity.Issuer,
        Subject = identity.Subject,
        CreatedAt = clock.GetUtcNow(),
        UsedAt = usedAt,
    });

    private static Task<bool> HasPasswordAsync(CalangoDb db, Guid accountId, CancellationToken cancellationToken) =>
        db.Set<Credentials>().AnyAsync(credentials => credentials.AccountId == accountId && credentials.PasswordHash != null, cancellationToken);

    // One that is turned off opens nothing.
    private static IQueryable<ExternalLogin> WaysOf(CalangoDb db, Guid accountId) =>
        from login in db.Set<ExternalLogin>()
        join provider in db.Set<LoginProvider>() on login.ProviderId equals provider.Id
        where login.AccountId == accountId && provider.IsOn
        select login;
}
