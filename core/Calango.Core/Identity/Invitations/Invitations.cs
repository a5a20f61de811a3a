using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Calango.Core.Data;
using Calango.Core.Errors;
using Calango.Core.Mail;
using Microsoft.EntityFrameworkCore;

namespace Calango.Core.Identity;

/// <summary>Who may make an account. Thread-safe.</summary>
public sealed class Invitations(Database database, Accounts accounts, Outbox outbox, TimeProvider clock)
{
    /// <summary>How long one can be used.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(7);

    /// <summary>Invites somebody, and returns the key of the link; it is not kept. An older invitation of the same address ends.</summary>
    /// <param name="invitedById">Who invites.</param>
    /// <param name="email">Whom.</param>
    /// <param name="roleId">What they will be allowed.</param>
    /// <param name="mail">The message that takes the key to them; null: somebody else does.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="RejectedException">The address has an account, or nobody new comes in.</exception>
    public async Task<string> InviteAsync(Guid invitedById, string email, Guid roleId, Func<string, MailDraft>? mail, CancellationToken cancellationToken)
    {
        var key = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        var now = clock.GetUtcNow();
        await database.WriteAsync(
            async db =>
            {
                await SignUpPolicy.RefuseClosedAsync(db, cancellationToken);
                await accounts.RefuseTakenAsync(db, email, cancellationToken);
                await Roles.HoldAsync(db, roleId, cancellationToken);
                await db.Set<Invitation>().Where(invitation => invitation.Email == email).ExecuteDeleteAsync(cancellationToken);
                db.Add(new Invitation
                {
                    Id = Guid.CreateVersion7(now),
                    KeyHash = Hash(key),
                    Email = email,
                    RoleId = roleId,
                    IsMailed = mail is not null,
                    InvitedById = invitedById,
                    CreatedAt = now,
                    ExpiresAt = now + Lifetime,
                });
                if (mail is not null)
                {
                    outbox.Put(db, mail(key));
                }

                await db.SaveChangesAsync(cancellationToken);
            },
            cancellationToken);
        outbox.Call();
        return key;
    }

    /// <summary>Those that can still be used, the newest first.</summary>
    public Task<List<Invitation>> ListAsync(CancellationToken cancellationToken) => database.ReadAsync(
        db => Open(db).OrderByDescending(invitation => invitation.Id).ToListAsync(cancellationToken), cancellationToken);

    /// <summary>Takes one back.</summary>
    /// <exception cref="NotFoundException">It is not there any more.</exception>
    public async Task TakeBackAsync(Guid id, CancellationToken cancellationToken)
    {
        if (await database.WriteAsync(db => db.Set<Invitation>().Where(invitation => invitation.Id == id).ExecuteDeleteAsync(cancellationToken), cancellationToken) == 0)
        {
            throw new NotFoundException();
        }
    }

    /// <summary>The one of a link.</summary>
    /// <exception cref="NotFoundException">It was used, taken back or is over, or there never was one.</exception>
    /// <exception cref="RejectedException">Nobody new comes in.</exception>
    public async Task<Invitation> FindAsync(string key, CancellationToken cancellationToken)
    {
        var hash = Hash(key);
        return await database.ReadAsync(
            async db =>
            {
                await SignUpPolicy.RefuseClosedAsync(db, cancellationToken);
                return await Open(db).SingleOrDefaultAsync(invitation => invitation.KeyHash == hash, cancellationToken);
            },
            cancellationToken) ?? throw new NotFoundException();
    }

    /// <summary>Makes the account of somebody who was invited. An invitation makes one account, however often it is used at once.</summary>
    /// <returns>The account's id.</returns>
    /// <exception cref="NotFoundException">As of <see cref="FindAsync"/>.</exception>
    /// <exception cref="RejectedException">Nobody new comes in.</exception>
    public Task<Guid> AcceptAsync(string key, string name, string password, CancellationToken cancellationToken)
    {
        var hash = Hash(key);
        return database.WriteAsync(
            async db =>
            {
                await SignUpPolicy.RefuseClosedAsync(db, cancellationToken);
                var invitation = await Open(db).SingleOrDefaultAsync(invitation => invitation.KeyHash == hash, cancellationToken);
                if (invitation is null || await db.Set<Invitation>().Where(other => other.Id == invitation.Id).ExecuteDeleteAsync(cancellationToken) == 0)
                {
                    throw new NotFoundException();
                }

                return await accounts.AddAsync(db, new NewPerson(name, invitation.Email, password) { IsEmailConfirmed = invitation.IsMailed }, invitation.RoleId, cancellationToken);
            },
            cancellationToken);
    }

    private IQueryable<Invitation> Open(CalangoDb db)
    {
        var now = clock.GetUtcNow();
        return db.Set<Invitation>().Where(invitation => invitation.ExpiresAt > now);
    }

    private static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}
