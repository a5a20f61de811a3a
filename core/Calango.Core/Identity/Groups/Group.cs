using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Calango.Core.Identity;

/// <summary>People who are treated alike in what they may use.</summary>
public sealed class Group
{
    /// <summary>The longest name, in UTF-16 units.</summary>
    public const int MaxNameLength = 100;

    /// <summary>Id.</summary>
    public Guid Id { get; init; }

    /// <summary>For people.</summary>
    public required string Name { get; set; }

    /// <summary>The name as it is compared: two that differ in case alone are one.</summary>
    public required string NormalizedName { get; set; }

    /// <summary>Since when.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    internal sealed class Mapping : IEntityTypeConfiguration<Group>
    {
        public void Configure(EntityTypeBuilder<Group> builder)
        {
            builder.ToTable("groups");
            builder.Property(group => group.Name).HasMaxLength(MaxNameLength);
            builder.Property(group => group.NormalizedName).HasMaxLength(MaxNameLength * 2);
            builder.HasIndex(group => group.NormalizedName).IsUnique();
        }
    }
}

/// <summary>That somebody is in a group. Each who says so says it for themselves: what a provider takes back, an administrator may have given as well.</summary>
public sealed class Membership
{
    /// <summary>Stands for whoever runs the server.</summary>
    public static readonly Guid ByAdministrator = Guid.Empty;

    /// <summary>The group.</summary>
    public Guid GroupId { get; init; }

    /// <summary>Who.</summary>
    public Guid AccountId { get; init; }

    /// <summary>The provider of logins that says so; <see cref="ByAdministrator"/>: no provider.</summary>
    public Guid ProviderId { get; init; }

    internal sealed class Mapping : IEntityTypeConfiguration<Membership>
    {
        public void Configure(EntityTypeBuilder<Membership> builder)
        {
            builder.ToTable("memberships");
            builder.HasKey(membership => new { membership.AccountId, membership.GroupId, membership.ProviderId });
            builder.HasIndex(membership => membership.GroupId);
            builder.HasOne<Group>().WithMany().HasForeignKey(membership => membership.GroupId).OnDelete(DeleteBehavior.Cascade);
            builder.HasOne<Account>().WithMany().HasForeignKey(membership => membership.AccountId).OnDelete(DeleteBehavior.Cascade);
        }
    }
}
