using System.Text.Json;
using Calango.Core.Data;
using Calango.Core.Identity;
using Calango.Core.Jobs;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;

namespace Calango.Core.Webhooks;

/// <summary>
/// Where messages for webhooks are put, within the unit of work that they tell of: they are there when it is committed, and not
/// before. <see cref="WebhookSender"/> takes them from here. Thread-safe.
/// </summary>
internal sealed class WebhookOutbox(IDataProtectionProvider protection, WebhookCall call, TimeProvider clock)
{
    /// <summary>How long one is kept, for its owner to see.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(7);

    /// <summary>Tells all of somebody's webhooks. Once it is committed, <see cref="Call"/>.</summary>
    /// <param name="db">The unit of work.</param>
    /// <param name="accountId">Whose.</param>
    /// <param name="type">What has happened.</param>
    /// <param name="data">What is told of it; made only where somebody is told.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Whether there is any that may be told.</returns>
    public async Task<bool> PutAsync(CalangoDb db, Guid accountId, string type, Func<object> data, CancellationToken cancellationToken)
    {
        var webhooks = await db.Set<Webhook>()
            .Where(webhook => webhook.AccountId == accountId && Roles.WhoMay(db, Grants.Programs).Any(account => account.Id == accountId)).Select(webhook => webhook.Id).ToListAsync(cancellationToken);
        if (webhooks.Count == 0)
        {
            return false;
        }

        var now = clock.GetUtcNow();
        var body = JsonSerializer.Serialize(new WebhookBody(type, now, data()), JsonSerializerOptions.Web);
        db.AddRange(webhooks.Select(webhook => new WebhookDelivery
        {
            Id = Guid.CreateVersion7(now), WebhookId = webhook, AccountId = accountId, Body = body, CreatedAt = now, QueuedAt = now, NextAt = now,
        }));
        await db.SaveChangesAsync(cancellationToken);
        return true;
    }

    /// <summary>Has what was put down sent now.</summary>
    public void Call() => call.Ring();

    public string Protect(Guid webhookId, string secret) => ProtectorOf(webhookId).Protect(secret);

    /// <exception cref="System.Security.Cryptography.CryptographicException">It was sealed with other keys.</exception>
    public string Reveal(Webhook webhook) => ProtectorOf(webhook.Id).Unprotect(webhook.ProtectedSecret);

    private IDataProtector ProtectorOf(Guid webhookId) => protection.CreateProtector("Calango.Webhooks", webhookId.ToString());

    private sealed record WebhookBody(string Type, DateTimeOffset Timestamp, object Data);
}

/// <summary>Says within this process that there is something to tell.</summary>
internal sealed class WebhookCall : Bell;
