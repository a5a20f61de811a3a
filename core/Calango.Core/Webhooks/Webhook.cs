using Calango.Core.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Calango.Core.Webhooks;

/// <summary>An address that is told what happens to what is somebody's.</summary>
public sealed class Webhook
{
    /// <summary>The longest address, in characters.</summary>
    public const int MaxAddressLength = 1000;

    /// <summary>Id.</summary>
    public Guid Id { get; init; }

    /// <summary>Whose.</summary>
    public Guid AccountId { get; init; }

    /// <summary>Where it is told.</summary>
    public required string Address { get; init; }

    /// <summary>What each message is signed with, encrypted.</summary>
    internal string ProtectedSecret { get; init; } = "";

    /// <summary>Since when.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    internal sealed class Mapping : IEntityTypeConfiguration<Webhook>
    {
        public void Configure(EntityTypeBuilder<Webhook> builder)
        {
            builder.ToTable("webhooks");
            builder.Property(webhook => webhook.Address).HasMaxLength(MaxAddressLength);
            builder.Property(webhook => webhook.ProtectedSecret);
            builder.HasIndex(webhook => webhook.AccountId);
            builder.HasOne<Account>().WithMany().HasForeignKey(webhook => webhook.AccountId).OnDelete(DeleteBehavior.Cascade);
        }
    }
}
