using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Calango.Core.Identity;

/// <summary>A link with which one person makes an account.</summary>
public sealed class Invitation
{
    /// <summary>Id.</summary>
    public Guid Id { get; init; }

    /// <summary>The SHA-256 of what the link holds.</summary>
    internal byte[] KeyHash { get; init; } = [];

    /// <summary>For whom it is: the account has this address.</summary>
    public required string Email { get; init; }

    /// <summary>What they will be allowed.</summary>
    public Guid RoleId { get; init; }

    /// <summary>Whether the link went to the address, and nowhere else: whoever has it then reads that mail.</summary>
    public bool IsMailed { get; init; }

    /// <summary>Who invites.</summary>
    public Guid InvitedById { get; init; }

    /// <summary>When it was made.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Until when it can be used.</summary>
    public DateTimeOffset ExpiresAt { get; init; }

    internal sealed class Mapping : IEntityTypeConfiguration<Invitation>
    {
        public void Configure(EntityTypeBuilder<Invitation> builder)
        {
            builder.ToTable("invitations");
            builder.Property(invitation => invitation.KeyHash);
            builder.Property(invitation => invitation.Email).HasMaxLength(Credentials.MaxEmailLength);
            builder.HasIndex(invitation => invitation.KeyHash).IsUnique();
            builder.HasIndex(invitation => invitation.ExpiresAt);
            builder.HasOne<Role>().WithMany().HasForeignKey(invitation => invitation.RoleId).OnDelete(DeleteBehavior.Cascade);
            builder.HasOne<Account>().WithMany().HasForeignKey(invitation => invitation.InvitedById).OnDelete(DeleteBehavior.Cascade);
        }
    }
}
