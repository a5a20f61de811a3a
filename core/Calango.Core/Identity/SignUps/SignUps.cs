using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Calango.Core.Data;
using Calango.Core.Errors;
using Calango.Core.Mail;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace Calango.Core.Identity;

/// <summary>
/// Lets people make accounts whom nobody has invited, where that is allowed. There is no account until a link that only the address's
/// mail has was opened, by somebody who knows the password that was entered: nobody gets an account on somebody else's address, and
/// nobody opens one that somebody else has begun on theirs. Thread-safe.
/// </summary>
public sealed class SignUps(Database database, Accounts accounts, Outbox outbox, IPasswordHasher<Credentials> hasher, ILookupNormalizer normalizer, TimeProvider clock)
{
    /// <summary>How long a link can be used.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(1);

    // So many messages go to an address in that time, whoever enters it.
    private const int MostAtOnce = 3;
    private static readonly TimeSpan AtOnce = TimeSpan.FromHours(1);

    /// <summary>Whether links can go to people.</summary>
    public bool CanMail => outbox.Options.IsOn;

    /// <summary>Who may make an account.</summary>
    public Task<SignUpPolicy> PolicyAsync(CancellationToken cancellationToken) => database.ReadAsync(db => SignUpPolicy.ReadAsync(db, cancellationToken), cancellationToken);

    /// <summary>Says who may make an account.</summary>
    /// <exception cref="RejectedException">Strangers may, and no link could go to them.</exception>
    public async Task SetPolicyAsync(SignUpPolicy policy, CancellationToken cancellationToken)
    {
        if (policy.IsForStrangers && !CanMail)
        {
            throw new RejectedException("signUp.noMail");
        }

        await database.WriteAsync(
            db => db.Set<SignUpPolicy>().ExecuteUpdateAsync(set => set.SetProperty(stored => stored.Way, policy.Way).SetProperty(stored => stored.Domains, policy.Domains), cancellationToken),
            cancellationToken);
    }

    /// <summary>Whether people may come whom nobody has invited.</summary>
    public async Task<bool> AreOpenAsync(CancellationToken cancellationToken) => CanMail && (await PolicyAsync(cancellationToken)).IsForStrangers;

    /// <summary>
    /// Sends a link to the address; to one that has an account, a word of that. The work is the same, and nobody is told which it was.
    /// </summary>
    /// <param name="person">What they say of themselves.</param>
    /// <param name="letter">The message that takes what the link must hold to them.</param>
    /// <param name="taken">The message for whoever has an account.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Whose address it is, for the log of acts alone; null: nobody's.</returns>
    /// <exception cref="RejectedException">The address is not one of those that are let in.</exception>
    public async Task<Guid?> AskAsync(NewPerson person, Func<string, MailDraft> letter, MailDraft taken, CancellationToken cancellationToken)
    {
        if (!(await PolicyAsync(cancellationToken)).Admits(person.Email))
        {
            throw new RejectedException("signUp.address");
        }

        var key = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        var (normalized, hash, now) = (normalizer.NormalizeEmail(person.Email), hasher.HashPassword(Nobody(person.Email), person.Password), clock.GetUtcNow());
        var recent = now + Lifetime - AtOnce;
        var owner = await database.WriteAsync(
            async db =>
            {
                var owner = await db.Set<Credentials>().Where(credentials => credentials.NormalizedEmail == normalized).Select(credentials => (Guid?)credentials.AccountId).SingleOrDefaultAsync(cancellationToken);
                if (await db.Set<SignUp>().CountAsync(other => other.NormalizedEmail == normalized && other.ExpiresAt > recent, cancellationToken) < MostAtOnce)
                {
                    db.Add(new SignUp
                    {
                        Id = Guid.CreateVersion7(now), KeyHash = Hash(key), Name = person.Name, Email = person.Email, NormalizedEmail = normalized, PasswordHash = hash, ExpiresAt = now + Lifetime,
                    });
                    outbox.Put(db, owner is null ? letter(key) : taken);
                    await db.SaveChangesAsync(cancellationToken);
                }

                return owner;
            },
            cancellationToken);
        outbox.Call();
        return owner;
    }

    /// <summary>The address of a link.</summary>
    /// <exception cref="NotFoundException">It was used or is over, or there never was one.</exception>
    public async Task<string> FindAsync(string key, CancellationToken cancellationToken) => (await ReadAsync(key, cancellationToken)).Email;

    /// <summary>Makes the account. A link makes one, however often it is used at once.</summary>
    /// <param name="key">What the link holds.</param>
    /// <param name="password">The one that was entered with the address.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The account's id.</returns>
    /// <exception cref="NotFoundException">As of <see cref="FindAsync"/>.</exception>
    /// <exception cref="RejectedException">It is another password, the address has an account by now, or it is not let in any more.</exception>
    public async Task<Guid> OpenAsync(string key, string password, CancellationToken cancellationToken)
    {
        var signUp = await ReadAsync(key, cancellationToken);
        if (hasher.VerifyHashedPassword(Nobody(signUp.Email), signUp.PasswordHash, password) == PasswordVerificationResult.Failed)
        {
            throw new RejectedException("signUp.password");
        }

        try
        {
            return await database.WriteAsync(db => MakeAsync(db, signUp, password, cancellationToken), cancellationToken);
        }
        catch (Exception exception) when (DatabaseFailure.IsDuplicate(exception))
        {
            throw new RejectedException("people.emailTaken");
        }
    }

    private async Task<Guid> MakeAsync(CalangoDb db, SignUp signUp, string password, CancellationToken cancellationToken)
    {
        if (await db.Set<SignUp>().Where(other => other.Id == signUp.Id).ExecuteDeleteAsync(cancellationToken) == 0)
        {
            throw new NotFoundException();
        }

        if (!(await SignUpPolicy.ReadAsync(db, cancellationToken)).Admits(signUp.Email))
        {
            throw new RejectedException("signUp.address");
        }

        await db.Set<SignUp>().Where(other => other.NormalizedEmail == signUp.NormalizedEmail).ExecuteDeleteAsync(cancellationToken);
        return await accounts.AddAsync(db, new NewPerson(signUp.Name, signUp.Email, password) { IsEmailConfirmed = true }, Role.MemberId, cancellationToken);
    }

    private async Task<SignUp> ReadAsync(string key, CancellationToken cancellationToken)
    {
        var (hash, now) = (Hash(key), clock.GetUtcNow());
        return await database.ReadAsync(db => db.Set<SignUp>().SingleOrDefaultAsync(signUp => signUp.KeyHash == hash && signUp.ExpiresAt > now, cancellationToken), cancellationToken)
            ?? throw new NotFoundException();
    }

    private static Credentials Nobody(string email) => new() { Email = email };

    private static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}
