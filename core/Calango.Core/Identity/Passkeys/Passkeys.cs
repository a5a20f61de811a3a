using System.Linq.Expressions;
using Calango.Core.Data;
using Calango.Core.Errors;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace Calango.Core.Identity;

/// <summary>The passkeys of people. A new one asks for the password again, or for a new sign-in: a browser left open shall not open the account for good.</summary>
public sealed class Passkeys
{
    private readonly Database _database;
    private readonly IPasskeyHandler<Credentials> _handler;
    private readonly PasskeySeal _seal;
    private readonly PasswordProof _proof;
    private readonly Sessions _sessions;
    private readonly TimeProvider _clock;

    internal Passkeys(Database database, IPasskeyHandler<Credentials> handler, PasskeySeal seal, PasswordProof proof, Sessions sessions, TimeProvider clock) =>
        (_database, _handler, _seal, _proof, _sessions, _clock) = (database, handler, seal, proof, sessions, clock);

    /// <summary>Somebody's, the oldest first.</summary>
    public Task<List<Passkey>> ListAsync(Guid accountId, CancellationToken cancellationToken) => _database.ReadAsync(
        db => db.Set<Passkey>().Where(passkey => passkey.AccountId == accountId).OrderBy(passkey => passkey.Id).ToListAsync(cancellationToken), cancellationToken);

    /// <summary>One of somebody's.</summary>
    /// <exception cref="NotFoundException">It is not there, or not theirs.</exception>
    public async Task<Passkey> FindAsync(Guid accountId, Guid id, CancellationToken cancellationToken) => await _database.ReadAsync(
        db => db.Set<Passkey>().SingleOrDefaultAsync(passkey => passkey.Id == id && passkey.AccountId == accountId, cancellationToken), cancellationToken) ?? throw new NotFoundException();

    /// <summary>Asks a browser to make one.</summary>
    /// <param name="accountId">Whose it will be.</param>
    /// <param name="password">Theirs; who has none must have signed in lately.</param>
    /// <param name="sessionId">In which they ask.</param>
    /// <param name="name">As they call it.</param>
    /// <param name="context">The request.</param>
    /// <exception cref="RejectedException">The password is wrong, too many were tried, or they have not signed in lately.</exception>
    /// <exception cref="NotFoundException">No address is known to be theirs, by which devices name a passkey.</exception>
    public async Task<AskedPasskey> BeginAsync(Guid accountId, string? password, Guid sessionId, string name, HttpContext context)
    {
        var credentials = await ProveAsync(accountId, password, sessionId, context.RequestAborted);
        var person = new PasskeyUserEntity { Id = accountId.ToString(), Name = credentials.Email, DisplayName = credentials.Email };
        var made = await _handler.MakeCreationOptionsAsync(person, context);
        return new AskedPasskey(made.CreationOptionsJson, _seal.Close(new BegunPasskey(_clock.GetUtcNow(), made.AttestationState, new PasskeyOwner(accountId, credentials.SecurityStamp, name))));
    }

    /// <summary>Adds the one that the browser has made.</summary>
    /// <param name="accountId">Whose.</param>
    /// <param name="kept">What the browser has kept since it was asked.</param>
    /// <param name="answer">Its answer.</param>
    /// <param name="context">The request with it.</param>
    /// <exception cref="RejectedException">It is not what was asked for, or it took too long.</exception>
    public async Task AddAsync(Guid accountId, string? kept, string answer, HttpContext context)
    {
        var begun = _seal.Open(kept);
        if (begun?.Owner is not { } owner || owner.AccountId != accountId)
        {
            throw new RejectedException("passkey.refused");
        }

        var check = await _handler.PerformAttestationAsync(new PasskeyAttestationContext { HttpContext = context, CredentialJson = answer, AttestationState = begun.State });
        if (!check.Succeeded)
        {
            throw new RejectedException("passkey.refused");
        }

        try
        {
            await _database.WriteAsync(db => AddAsync(db, owner, check.Passkey, context.RequestAborted), context.RequestAborted);
        }
        catch (Exception exception) when (DatabaseFailure.IsDuplicate(exception))
        {
            throw new RejectedException("passkey.refused");
        }
    }

    /// <summary>Calls one something else.</summary>
    /// <exception cref="NotFoundException">It is not there, or not theirs.</exception>
    public Task RenameAsync(Guid accountId, Guid id, string name, CancellationToken cancellationToken) => _database.WriteAsync(
        async db => _ = await db.Set<Passkey>().Where(passkey => passkey.Id == id && passkey.AccountId == accountId)
            .ExecuteUpdateAsync(set => set.SetProperty(passkey => passkey.Name, name), cancellationToken) == 1 ? true : throw new NotFoundException(),
        cancellationToken);

    /// <summary>Takes one away. All their other sessions end: whoever came in with it is out.</summary>
    /// <param name="accountId">Whose.</param>
    /// <param name="id">Which.</param>
    /// <param name="session">The session that goes on.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="NotFoundException">It is not there, or not theirs.</exception>
    public Task RemoveAsync(Guid accountId, Guid id, Guid session, CancellationToken cancellationToken) => RemoveAsync(accountId, passkey => passkey.Id == id, session, cancellationToken);

    /// <summary>Takes all of somebody's away: whoever runs the server does. All their sessions end.</summary>
    /// <exception cref="NotFoundException">They have none.</exception>
    public Task TakeAwayAsync(Guid accountId, CancellationToken cancellationToken) => RemoveAsync(accountId, passkey => true, session: null, cancellationToken);

    private async Task RemoveAsync(Guid accountId, Expression<Func<Passkey, bool>> which, Guid? session, CancellationToken cancellationToken)
    {
        await _database.WriteAsync(
            async db =>
            {
                // What was begun before is worth nothing: an answer that is sent again does not bring it back.
                var (security, concurrency) = (Credentials.NewStamp(), Credentials.NewStamp());
                await db.Set<Credentials>().Where(credentials => credentials.AccountId == accountId).ExecuteUpdateAsync(
                    set => set.SetProperty(credentials => credentials.SecurityStamp, security).SetProperty(credentials => credentials.ConcurrencyStamp, concurrency), cancellationToken);
                if (await db.Set<Passkey>().Where(passkey => passkey.AccountId == accountId).Where(which).ExecuteDeleteAsync(cancellationToken) == 0)
                {
                    throw new NotFoundException();
                }
            },
            cancellationToken);
        await _sessions.EndAllAsync(accountId, except: session, cancellationToken);
    }

    private async Task<Credentials> ProveAsync(Guid accountId, string? password, Guid sessionId, CancellationToken cancellationToken)
    {
        var credentials = await _database.ReadAsync(
            db => db.Set<Credentials>().SingleOrDefaultAsync(credentials => credentials.AccountId == accountId, cancellationToken), cancellationToken) ?? throw new NotFoundException();
        if (credentials.PasswordHash is not null)
        {
            return await _proof.DemandAsync(accountId, password ?? "", cancellationToken);
        }

        return await _sessions.IsFreshAsync(accountId, sessionId, cancellationToken) ? credentials : throw new RejectedException("account.notFresh");
    }

    private async Task AddAsync(CalangoDb db, PasskeyOwner owner, UserPasskeyInfo made, CancellationToken cancellationToken)
    {
        var credentials = await PasswordAttempts.TakeAsync(db, owner.AccountId, cancellationToken);
        if (credentials?.SecurityStamp != owner.Stamp)
        {
            throw new RejectedException("passkey.refused");
        }

        db.Add(new Passkey
        {
            Id = Guid.CreateVersion7(),
            AccountId = owner.AccountId,
            Name = owner.Name,
            CredentialId = made.CredentialId,
            PublicKey = made.PublicKey,
            SignCount = made.SignCount,
            Transports = string.Join(' ', made.Transports ?? []),
            IsBackupEligible = made.IsBackupEligible,
            IsBackedUp = made.IsBackedUp,
            CreatedAt = _clock.GetUtcNow(),
        });
        await db.SaveChangesAsync(cancellationToken);
    }
}
