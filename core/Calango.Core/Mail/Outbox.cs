using System.Text.Json;
using Calango.Core.Data;
using Calango.Core.Errors;
using Calango.Core.Jobs;
using Calango.Core.Localization;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;

namespace Calango.Core.Mail;

/// <summary>
/// The messages that are to leave the server. One that is put here in a unit of work is there when that is committed, and not before;
/// <see cref="MailSender"/> takes it from here. Thread-safe.
/// </summary>
public sealed class Outbox(Database database, MailOptions options, Locales locales, IDataProtectionProvider protection, MailCall call, TimeProvider clock)
{
    /// <summary>How long one that was given up is kept, for whoever runs the server to see.</summary>
    internal static readonly TimeSpan Kept = TimeSpan.FromDays(7);

    /// <summary>How messages leave.</summary>
    public MailOptions Options => options;

    /// <summary>Those that wait or were given up, the newest first.</summary>
    /// <param name="search">What the address has in it; null: anything.</param>
    /// <param name="after">The last of the page before; null: from the newest.</param>
    /// <param name="count">At most so many.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<List<OutgoingMail>> ListAsync(string? search, Guid? after, int count, CancellationToken cancellationToken)
    {
        var part = search?.Trim().ToLowerInvariant() ?? "";
        return database.ReadAsync(
            db => db.Set<OutgoingMail>().Where(mail => (after == null || mail.Id < after) && (part == "" || mail.Recipient.ToLower().Contains(part)))
                .OrderByDescending(mail => mail.Id).Take(count).ToListAsync(cancellationToken),
            cancellationToken);
    }

    /// <summary>Sends one anew, as if it had not been tried.</summary>
    /// <exception cref="NotFoundException">It has gone.</exception>
    /// <exception cref="RejectedException">It would come too late to be of use.</exception>
    public async Task SendAgainAsync(Guid id, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await database.WriteAsync(
            async db =>
            {
                var mail = await db.Set<OutgoingMail>().AsNoTracking().SingleOrDefaultAsync(mail => mail.Id == id, cancellationToken) ?? throw new NotFoundException();
                if (mail.ExpiresAt <= now)
                {
                    throw new RejectedException("email.tooLate");
                }

                await db.Set<OutgoingMail>().Where(mail => mail.Id == id).ExecuteUpdateAsync(
                    set => set.SetProperty(mail => mail.NextAt, now).SetProperty(mail => mail.Attempts, 0).SetProperty(mail => mail.GivenUpAt, (DateTimeOffset?)null), cancellationToken);
            },
            cancellationToken);
        Call();
    }

    /// <summary>Removes one that has not gone.</summary>
    /// <exception cref="NotFoundException">It has gone.</exception>
    public async Task RemoveAsync(Guid id, CancellationToken cancellationToken)
    {
        if (await database.WriteAsync(db => db.Set<OutgoingMail>().Where(mail => mail.Id == id).ExecuteDeleteAsync(cancellationToken), cancellationToken) == 0)
        {
            throw new NotFoundException();
        }
    }

    /// <summary>Puts one down within a unit of work, and returns its id; once that is committed, <see cref="Call"/>.</summary>
    internal Guid Put(CalangoDb db, MailDraft draft)
    {
        var now = clock.GetUtcNow();
        var id = Guid.CreateVersion7(now);
        db.Add(new OutgoingMail
        {
            Id = id,
            Kind = draft.Kind,
            Recipient = draft.To,
            ProtectedLetter = ProtectorOf(id).Protect(JsonSerializer.Serialize(Write(draft))),
            CreatedAt = now,
            ExpiresAt = now + draft.Useful,
            NextAt = now,
        });
        return id;
    }

    /// <summary>Has what was put down sent now.</summary>
    internal void Call() => call.Ring();

    /// <summary>What one is to say.</summary>
    internal MailLetter Write(MailDraft draft) => MailLetter.Of(locales, draft);

    /// <summary>What one says.</summary>
    /// <exception cref="System.Security.Cryptography.CryptographicException">It was sealed with other keys.</exception>
    internal MailLetter Read(OutgoingMail mail) => JsonSerializer.Deserialize<MailLetter>(ProtectorOf(mail.Id).Unprotect(mail.ProtectedLetter))!;

    private IDataProtector ProtectorOf(Guid id) => protection.CreateProtector("Calango.Mail", id.ToString());
}

/// <summary>Says within this process that there is something to send.</summary>
public sealed class MailCall : Bell;
