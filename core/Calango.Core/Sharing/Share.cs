using Calango.Core.Chat;
using Calango.Core.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Calango.Core.Sharing;

/// <summary>A link with which anybody who has it reads a chat.</summary>
public sealed class Share
{
    /// <summary>Id. It opens nothing.</summary>
    public Guid Id { get; init; }

    /// <summary>Who made it: whose the chat is.</summary>
    public Guid AccountId { get; init; }

    /// <summary>The chat.</summary>
    public Guid ConversationId { get; init; }

    /// <summary>The SHA-256 of the link's token: who reads the table opens nothing with it.</summary>
    internal byte[] TokenHash { get; init; } = [];

    /// <summary>The token, closed with the server's keys: whoever made the link sees it again.</summary>
    internal byte[] ClosedToken { get; init; } = [];

    /// <summary>As passwords of accounts are kept; null: the link alone opens it.</summary>
    internal string? PasswordHash { get; init; }

    /// <summary>What is shown, as it was when the link was made; null: the chat is shown as it is.</summary>
    internal string? Snapshot { get; init; }

    /// <summary>When it was made.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Until when it can be used; null: until it is revoked.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>How often somebody else has looked at it.</summary>
    public int Views { get; init; }

    /// <summary>When that was last; null: never.</summary>
    public DateTimeOffset? ViewedAt { get; init; }

    /// <summary>Whether the chat is shown as it is, and not as it was.</summary>
    public bool IsLive => Snapshot is null;

    /// <summary>Whether it takes a password, too.</summary>
    public bool HasPassword => PasswordHash is not null;

    internal sealed class Mapping : IEntityTypeConfiguration<Share>
    {
        public void Configure(EntityTypeBuilder<Share> builder)
        {
            builder.ToTable("shares");
            builder.Ignore(share => share.IsLive).Ignore(share => share.HasPassword);
            builder.Property(share => share.TokenHash);
            builder.Property(share => share.ClosedToken);
            builder.Property(share => share.PasswordHash);
            builder.Property(share => share.Snapshot);
            builder.HasIndex(share => share.TokenHash).IsUnique();
            builder.HasIndex(share => new { share.AccountId, share.Id });
            builder.HasOne<Account>().WithMany().HasForeignKey(share => share.AccountId).OnDelete(DeleteBehavior.Cascade);
            builder.HasOne<Conversation>().WithMany().HasForeignKey(share => share.ConversationId).OnDelete(DeleteBehavior.Cascade);
        }
    }
}
