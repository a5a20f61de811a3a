using System.Security.Cryptography;
using System.Text.Json;
using Calango.Core.Data;
using Calango.Core.Errors;
using Calango.Core.Mail;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.EntityFrameworkCore;

namespace Calango.Core.Identity;

/// <summary>
/// Gives somebody who has forgotten their password another one, by a link that only their mail has. The link holds the account with the
/// stamp of what proved it then, sealed: once the password is another, by this link or otherwise, it opens nothing, and there is
/// nothing to be kept or cleaned up. A second step stays as it is. Thread-safe.
/// </summary>
public sealed class PasswordReset(
    Database database, Outbox outbox, Sessions sessions, IPasswordHasher<Credentials> hasher, ILookupNormalizer normalizer, IDataProtectionProvider protection, TimeProvider clock)
{
    /// <summary>How long a link can be used.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    // So many links go to an address in that time, whoever enters it.
    private const int MostAtOnce = 3;
    private static readonly TimeSpan AtOnce = TimeSpan.FromHours(1);

    /// <summary>Whether links can go to people.</summary>
    public bool IsOn => outbox.Options.IsOn;

    /// <summary>
    /// Sends a link to an address that has an account with a password. For any other, and for one to which several went just now, the same is
    /// done, up to the row of the message, which is then taken back in the same transaction: nobody learns who has an account.
    /// </summary>
    /// <param name="email">The address.</param>
    /// <param name="letter">The message that takes what the link must hold to them.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Whose address it is, for the log of acts alone; null: nobody's.</returns>
    public async Task<Guid?> AskAsync(string email, Func<string, MailDraft> letter, CancellationToken cancellationToken)
    {
        var (normalized, now) = (normalizer.NormalizeEmail(email), clock.GetUtcNow());
        var accountId = await database.WriteAsync(
            async db =>
            {
                var found = await (from credentials in db.Set<Credentials>().AsNoTracking()
                                   join account in db.Set<Account>() on credentials.AccountId equals account.Id
                                   where credentials.NormalizedEmail == normalized && credentials.PasswordHash != null && account.SuspendedAt == null
                                   select credentials).SingleOrDefaultAsync(cancellationToken);
                // Nobody's goes to nobody; the address that was entered is kept for no moment.
                var id = outbox.Put(db, letter(Seal(found)) with { To = found?.Email ?? outbox.Options.From });
                await db.SaveChangesAsync(cancellationToken);
                var unwanted = await CountAsync(db, found?.AccountId ?? Guid.Empty, now, cancellationToken) ? Guid.Empty : id;
                await db.Set<OutgoingMail>().Where(mail => mail.Id == unwanted).ExecuteDeleteAsync(cancellationToken);
                return found?.AccountId;
            },
            cancellationToken);
        outbox.Call();
        return accountId;
    }

    /// <summary>Whose password a link sets; null: it can be used no more.</summary>
    public async Task<PasswordOwner?> FindAsync(string? token, CancellationToken cancellationToken) => Open(token) is { } link
        ? await database.ReadAsync(
            db => (from credentials in db.Set<Credentials>()
                   join account in db.Set<Account>() on credentials.AccountId equals account.Id
                   where account.Id == link.AccountId && credentials.SecurityStamp == link.Stamp
                   select new PasswordOwner(account.Name, credentials.Email)).SingleOrDefaultAsync(cancellationToken),
            cancellationToken)
        : null;

    /// <summary>Sets the password, once for each link however often it is used at once, and ends all sessions.</summary>
    /// <returns>Whose.</returns>
    /// <exception cref="RejectedException">The link was used, is over, or never was one.</exception>
    public async Task<Guid> RunAsync(string? token, string password, CancellationToken cancellationToken)
    {
        var link = Open(token) ?? throw Closed();
        await database.WriteAsync(
            async db =>
            {
                if (await PasswordAttempts.TakeAsync(db, link.AccountId, cancellationToken) is not { } taken || taken.SecurityStamp != link.Stamp)
                {
                    throw Closed();
                }

                taken.PasswordHash = hasher.HashPassword(taken, password);
                taken.SecurityStamp = Credentials.NewStamp();
                taken.IsEmailConfirmed = true;
                if (!await db.Set<SecondStep>().AnyAsync(step => step.AccountId == link.AccountId, cancellationToken))
                {
                    // Wrong codes are counted there, too: whoever has the mail alone guesses no more often for having it.
                    (taken.FailedAttempts, taken.LockedUntil) = (0, null);
                }

                await db.SaveChangesAsync(cancellationToken);
            },
            cancellationToken);
        await sessions.EndAllAsync(link.AccountId, except: null, cancellationToken);
        return link.AccountId;
    }

    // False: several went to them just now, or they are nobody.
    private static async Task<bool> CountAsync(CalangoDb db, Guid accountId, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var (theirs, over) = (db.Set<Credentials>().Where(credentials => credentials.AccountId == accountId), now - AtOnce);
        await theirs.Where(credentials => credentials.ResetsCountedFrom == null || credentials.ResetsCountedFrom <= over)
            .ExecuteUpdateAsync(set => set.SetProperty(credentials => credentials.ResetsCountedFrom, now).SetProperty(credentials => credentials.ResetsSent, 0), cancellationToken);
        return await theirs.Where(credentials => credentials.ResetsSent < MostAtOnce)
            .ExecuteUpdateAsync(set => set.SetProperty(credentials => credentials.ResetsSent, credentials => credentials.ResetsSent + 1), cancellationToken) == 1;
    }

    private static RejectedException Closed() => new("account.resetLink");

    private string Seal(Credentials? credentials)
    {
        var link = new Link(credentials?.AccountId ?? Guid.Empty, credentials?.SecurityStamp ?? Credentials.NewStamp(), clock.GetUtcNow() + Lifetime);
        return WebEncoders.Base64UrlEncode(Protector().Protect(JsonSerializer.SerializeToUtf8Bytes(link)));
    }

    private Link? Open(string? token)
    {
        try
        {
            return string.IsNullOrEmpty(token) ? null
                : JsonSerializer.Deserialize<Link>(Protector().Unprotect(WebEncoders.Base64UrlDecode(token))) is { } link && link.ExpiresAt > clock.GetUtcNow() ? link : null;
        }
        catch (Exception garbage) when (garbage is CryptographicException or FormatException)
        {
            return null;
        }
    }

    private IDataProtector Protector() => protection.CreateProtector("Calango.PasswordReset");

    private sealed record Link(Guid AccountId, string Stamp, DateTimeOffset ExpiresAt);
}

/// <summary>Whose password it is.</summary>
/// <param name="Name">How they are called.</param>
/// <param name="Email">Their address.</param>
public sealed record PasswordOwner(string Name, string Email);
