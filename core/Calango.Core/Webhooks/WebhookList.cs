using Calango.Core.Data;
using Calango.Core.Errors;
using Microsoft.EntityFrameworkCore;

namespace Calango.Core.Webhooks;

/// <summary>People's webhooks, and what became of the messages for them. Thread-safe.</summary>
public sealed class WebhookList
{
    /// <summary>How many somebody can have.</summary>
    public const int MostOfOne = 10;

    private readonly Database _database;
    private readonly WebhookOutbox _outbox;
    private readonly WebhookPost _post;
    private readonly TimeProvider _clock;

    internal WebhookList(Database database, WebhookOutbox outbox, WebhookPost post, TimeProvider clock) => (_database, _outbox, _post, _clock) = (database, outbox, post, clock);

    /// <summary>Somebody's, the newest first, each with its last message.</summary>
    public Task<List<WebhookStanding>> ListAsync(Guid accountId, CancellationToken cancellationToken) => _database.ReadAsync(
        db => db.Set<Webhook>().Where(webhook => webhook.AccountId == accountId).OrderByDescending(webhook => webhook.Id).Select(webhook => new WebhookStanding(
            webhook, db.Set<WebhookDelivery>().Where(delivery => delivery.WebhookId == webhook.Id).OrderByDescending(delivery => delivery.Id).FirstOrDefault())).ToListAsync(cancellationToken),
        cancellationToken);

    /// <summary>One of somebody's.</summary>
    /// <exception cref="NotFoundException">Not there, or somebody else's.</exception>
    public async Task<Webhook> FindAsync(Guid accountId, Guid id, CancellationToken cancellationToken) =>
        await _database.ReadAsync(db => db.Set<Webhook>().SingleOrDefaultAsync(webhook => webhook.Id == id && webhook.AccountId == accountId, cancellationToken), cancellationToken) ?? throw new NotFoundException();

    /// <summary>What is wrong with an address, as the end of the key <c>invalid.{code}</c>; null: nothing is.</summary>
    public Task<string?> CheckAsync(string? address, CancellationToken cancellationToken) => _post.CheckAsync(address, cancellationToken);

    /// <summary>Adds one, and returns its secret; it is shown to nobody again.</summary>
    /// <param name="accountId">Whose.</param>
    /// <param name="address">One with which nothing is wrong.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="RejectedException"><c>webhooks.tooMany</c></exception>
    public async Task<string> AddAsync(Guid accountId, string address, CancellationToken cancellationToken)
    {
        var (secret, now) = (WebhookSecret.Make(), _clock.GetUtcNow());
        var id = Guid.CreateVersion7(now);
        await _database.WriteAsync(
            async db =>
            {
                if (await db.Set<Webhook>().CountAsync(webhook => webhook.AccountId == accountId, cancellationToken) >= MostOfOne)
                {
                    throw new RejectedException("webhooks.tooMany");
                }

                db.Add(new Webhook { Id = id, AccountId = accountId, Address = address, ProtectedSecret = _outbox.Protect(id, secret), CreatedAt = now });
                await db.SaveChangesAsync(cancellationToken);
            },
            cancellationToken);
        return secret;
    }

    /// <summary>Removes one, with what was to be sent to it.</summary>
    /// <exception cref="NotFoundException">Not there, or somebody else's.</exception>
    public async Task RemoveAsync(Guid accountId, Guid id, CancellationToken cancellationToken)
    {
        if (await _database.WriteAsync(db => db.Set<Webhook>().Where(webhook => webhook.Id == id && webhook.AccountId == accountId).ExecuteDeleteAsync(cancellationToken), cancellationToken) == 0)
        {
            throw new NotFoundException();
        }
    }

    /// <summary>The messages for one, the newest first.</summary>
    /// <param name="webhook">For which.</param>
    /// <param name="before">The last of the page before; null: from the newest.</param>
    /// <param name="count">At most so many.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<List<WebhookDelivery>> DeliveriesAsync(Webhook webhook, Guid? before, int count, CancellationToken cancellationToken) => _database.ReadAsync(
        db => db.Set<WebhookDelivery>().Where(delivery => delivery.WebhookId == webhook.Id && (before == null || delivery.Id < before))
            .OrderByDescending(delivery => delivery.Id).Take(count).ToListAsync(cancellationToken),
        cancellationToken);

    /// <summary>Sends one anew, as if it had not been tried.</summary>
    /// <returns>For which webhook it is.</returns>
    /// <exception cref="NotFoundException">Not there, or somebody else's.</exception>
    public async Task<Guid> SendAgainAsync(Guid accountId, Guid id, CancellationToken cancellationToken)
    {
        var now = _clock.GetUtcNow();
        var webhook = await _database.WriteAsync(
            async db =>
            {
                var theirs = db.Set<WebhookDelivery>().Where(delivery => delivery.Id == id && delivery.AccountId == accountId);
                await theirs.ExecuteUpdateAsync(
                    set => set.SetProperty(delivery => delivery.NextAt, now).SetProperty(delivery => delivery.QueuedAt, now).SetProperty(delivery => delivery.Attempts, 0), cancellationToken);
                return await theirs.Select(delivery => (Guid?)delivery.WebhookId).SingleOrDefaultAsync(cancellationToken) ?? throw new NotFoundException();
            },
            cancellationToken);
        _outbox.Call();
        return webhook;
    }
}

/// <summary>A webhook as its owner sees it.</summary>
/// <param name="Webhook">The webhook.</param>
/// <param name="Last">The last message for it; null: none is known.</param>
public sealed record WebhookStanding(Webhook Webhook, WebhookDelivery? Last);
