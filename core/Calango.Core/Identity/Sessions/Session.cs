using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Calango.Core.Identity;

/// <summary>A browser in which somebody has signed in.</summary>
public sealed class Session
{
    /// <summary>The longest description of a browser that is kept, in characters.</summary>
    public const int MaxDeviceLength = 300;

    /// <summary>By which it is named on pages; it opens nothing.</summary>
    public Guid Id { get; init; }

    /// <summary>Whose.</summary>
    public Guid AccountId { get; init; }

    /// <summary>The SHA-256 of what its cookie holds: who reads the table cannot become anybody.</summary>
    internal byte[] KeyHash { get; init; } = [];

    /// <summary>What the browser says of itself; anything may stand here.</summary>
    public required string Device { get; init; }

    /// <summary>The address that it was opened from.</summary>
    public required string Address { get; init; }

    /// <summary>When they signed in.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was last used, to the minute.</summary>
    public DateTimeOffset SeenAt { get; set; }

    /// <summary>From when its time counts: it was made or renewed then.</summary>
    public DateTimeOffset RenewedAt { get; set; }

    /// <summary>When it ends by itself.</summary>
    public DateTimeOffset ExpiresAt { get; set; }

    /// <summary>When somebody ended it; null: nobody did.</summary>
    public DateTimeOffset? EndedAt { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<Session>
    {
        public void Configure(EntityTypeBuilder<Session> builder)
        {
            builder.ToTable("sessions");
            builder.Property(session => session.KeyHash);
            builder.Property(session => session.Device).HasMaxLength(MaxDeviceLength);
            builder.Property(session => session.Address).HasMaxLength(64);
            builder.HasIndex(session => session.KeyHash).IsUnique();
            builder.HasIndex(session => new { session.AccountId, session.Id });
            builder.HasIndex(session => session.EndedAt);
            builder.HasIndex(session => session.ExpiresAt);
            builder.HasOne<Account>().WithMany().HasForeignKey(session => session.AccountId).OnDelete(DeleteBehavior.Cascade);
        }
    }
}
