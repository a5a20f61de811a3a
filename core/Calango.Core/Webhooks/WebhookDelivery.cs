using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Calango.Core.Webhooks;

/// <summary>One message for a webhook: it waits to be sent, was, or was given up.</summary>
public sealed class WebhookDelivery
{
    /// <summary>Id. The receiver sees it, the same at each try.</summary>
    public Guid Id { get; init; }

    /// <summary>For which.</summary>
    public Guid WebhookId { get; init; }

    /// <summary>Whose that is.</summary>
    public Guid AccountId { get; init; }

    /// <summary>What it says, as JSON.</summary>
    public required string Body { get; init; }

    /// <summary>When what it tells of happened.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Since when it waits: since then, or since somebody had it sent again.</summary>
    public DateTimeOffset QueuedAt { get; init; }

    /// <summary>When it is tried next; null: it isn't any more.</summary>
    public DateTimeOffset? NextAt { get; init; }

    /// <summary>Until when a process tries that; null: none does.</summary>
    public DateTimeOffset? ClaimedUntil { get; init; }

    /// <summary>How often it was tried.</summary>
    public int Attempts { get; init; }

    /// <summary>When the receiver last took it; null: it hasn't.</summary>
    public DateTimeOffset? DeliveredAt { get; init; }

    /// <summary>What went wrong when it was last tried.</summary>
    public WebhookFailure Failure { get; init; }

    /// <summary>What the receiver answered then; null: nothing.</summary>
    public int? Status { get; init; }

    /// <summary>Whether nobody tries it any more although it was not taken.</summary>
    public bool IsGivenUp => NextAt is null && Failure != WebhookFailure.None;

    internal sealed class Mapping : IEntityTypeConfiguration<WebhookDelivery>
    {
        public void Configure(EntityTypeBuilder<WebhookDelivery> builder)
        {
            builder.ToTable("webhook_deliveries");
            builder.Ignore(delivery => delivery.IsGivenUp);
            builder.HasIndex(delivery => delivery.NextAt);
            builder.HasIndex(delivery => delivery.AccountId);
            builder.HasIndex(delivery => new { delivery.WebhookId, delivery.Id });
            builder.HasOne<Webhook>().WithMany().HasForeignKey(delivery => delivery.WebhookId).OnDelete(DeleteBehavior.Cascade);
        }
    }
}
