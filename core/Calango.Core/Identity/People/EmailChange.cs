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
/// Gives an account another address, once a link was opened that only that address's mail has. The link holds the account, the address
/// and the stamp of what proved the account then, sealed: once any of that has changed, by this link or otherwise, it opens nothing, and
/// there is nothing to be kept or cleaned up. Thread-safe.
/// </summary>
public sealed class EmailChange
{
    /// <summary>How long a link can be used.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    private readonly Database _database;
    private readonly Outbox _outbox;
    private readonly PasswordProof _proof;
    private readonly Sessions _sessions;
    private readonly ILookupNormalizer _normalizer;
    private readonly IDataProtector _protector;
    private readonly TimeProvider _clock;

    internal EmailChange(Database database, Outbox outbox, PasswordProof proof, Sessions sessions, ILookupNormalizer normalizer, IDataProtectionProvider protection, TimeProvider clock) =>
        (_database, _outbox, _proof, _sessions, _normalizer, _protector, _clock) = (database, outbox, proof, sessions, normalizer, protection.CreateProtector("Calango.EmailChange"), clock);

    /// <summary>Whether links can go to people.</summary>
    public bool IsOn => _outbox.Options.IsOn;

    /// <summary>Sends a link to the new address, and a word of it to the one until now. Whether anybody has the new one is not looked at: nobody is told.</summary>
    /// <param name="accountId">Whose.</param>
    /// <param name="password">Theirs, once more.</param>
    /// <param name="email">The new address.</param>
    /// <param name="letter">The message that takes what the link must hold there.</param>
    /// <param name="notice">The message for the address until now.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="RejectedException">The password is wrong, or too many were tried.</exception>
    /// <exception cref="NotFoundException">They have no password, or no message can go.</exception>
    public async Task AskAsync(Guid accountId, string password, string email, Func<string, MailDraft> letter, MailDraft notice, CancellationToken cancellationToken)
    {
        if (!IsOn)
        {
            throw new NotFoundException();
        }

        var credentials = await _proof.DemandAsync(accountId, password, cancellationToken);
        var link = new Link(accountId, credentials.SecurityStamp, email, _clock.GetUtcNow() + Lifetime);
        await _database.WriteAsync(
            async db =>
            {
                _outbox.Put(db, letter(WebEncoders.Base64UrlEncode(_protector.Protect(JsonSerializer.SerializeToUtf8Bytes(link)))));
                // An account may have an address to which no mail can be sent: it was entered where none was.
                if (MailAddresses.IsOne(credentials.Email))
                {
                    _outbox.Put(db, notice with { To = credentials.Email });
                }

                await db.SaveChangesAsync(cancellationToken);
            },
            cancellationToken);
        _outbox.Call();
    }

    /// <summary>The new address of a link; null: it can be used no more.</summary>
    public async Task<string?> FindAsync(string? token, CancellationToken cancellationToken) =>
        Open(token) is { } link && await _database.ReadAsync(db => IsGoodAsync(db, link, cancellationToken), cancellationToken) ? link.Email : null;

    /// <summary>Changes it, once for each link however often it is used at once, and ends all other sessions.</summary>
    /// <param name="token">What the link holds.</param>
    /// <param name="session">The session of whoever uses it, which goes on if it is the account's; null: they have none.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Whose.</returns>
    /// <exception cref="RejectedException">The link was used, is over, or never was one; or somebody has an account with that address.</exception>
    public async Task<Guid> RunAsync(string? token, Guid? session, CancellationToken cancellationToken)
    {
        var link = Open(token) ?? throw Closed();
        try
        {
            await _database.WriteAsync(db => ChangeAsync(db, link, cancellationToken), cancellationToken);
        }
        catch (Exception exception) when (DatabaseFailure.IsDuplicate(exception))
        {
            throw Taken();
        }

        await _sessions.EndAllAsync(link.AccountId, except: session, cancellationToken);
        return link.AccountId;
    }

    private async Task ChangeAsync(CalangoDb db, Link link, CancellationToken cancellationToken)
    {
        if (await PasswordAttempts.TakeAsync(db, link.AccountId, cancellationToken) is not { } taken || !await IsGoodAsync(db, link, cancellationToken))
        {
            throw Closed();
        }

        var normalized = _normalizer.NormalizeEmail(link.Email);
        if (await db.Set<Credentials>().AnyAsync(other => other.NormalizedEmail == normalized && other.AccountId != link.AccountId, cancellationToken))
        {
            throw Taken();
        }

        (taken.Email, taken.NormalizedEmail, taken.IsEmailConfirmed) = (link.Email, normalized, true);
        taken.SecurityStamp = Credentials.NewStamp();
        await db.SaveChangesAsync(cancellationToken);
    }

    private static Task<bool> IsGoodAsync(CalangoDb db, Link link, CancellationToken cancellationToken) =>
        (from credentials in db.Set<Credentials>()
         join account in db.Set<Account>() on credentials.AccountId equals account.Id
         where credentials.AccountId == link.AccountId && credentials.SecurityStamp == link.Stamp && account.SuspendedAt == null
         select account).AnyAsync(cancellationToken);

    private Link? Open(string? token)
    {
        try
        {
            return string.IsNullOrEmpty(token) ? null
                : JsonSerializer.Deserialize<Link>(_protector.Unprotect(WebEncoders.Base64UrlDecode(token))) is { } link && link.ExpiresAt > _clock.GetUtcNow() ? link : null;
        }
        catch (Exception garbage) when (garbage is CryptographicException or FormatException)
        {
            return null;
        }
    }

    private static RejectedException Closed() => new("account.emailLink");

    private static RejectedException Taken() => new("people.emailTaken");

    private sealed record Link(Guid AccountId, string Stamp, string Email, DateTimeOffset ExpiresAt);
}
