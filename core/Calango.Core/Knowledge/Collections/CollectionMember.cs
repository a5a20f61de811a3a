using Calango.Core.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Calango.Core.Knowledge;

/// <summary>That a person, or all of a group, may use a collection that is not theirs.</summary>
public sealed class CollectionMember
{
    /// <summary>Id.</summary>
    public Guid Id { get; init; }

    /// <summary>The collection.</summary>
    public Guid CollectionId { get; init; }

    /// <summary>Who; null: a group.</summary>
    public Guid? AccountId { get; init; }

    /// <summary>Which group; null: one person.</summary>
    public Guid? GroupId { get; init; }

    /// <summary>What they may do.</summary>
    public CollectionRight Right { get; init; }

    internal sealed class Mapping : IEntityTypeConfiguration<CollectionMember>
    {
        public void Configure(EntityTypeBuilder<CollectionMember> builder)
        {
            builder.ToTable("collection_members");
            builder.HasIndex(member => new { member.CollectionId, member.AccountId, member.GroupId }).IsUnique();
            builder.HasIndex(member => member.AccountId);
            builder.HasIndex(member => member.GroupId);
            builder.HasOne<Collection>().WithMany().HasForeignKey(member => member.CollectionId).OnDelete(DeleteBehavior.Cascade);
            builder.HasOne<Account>().WithMany().HasForeignKey(member => member.AccountId).OnDelete(DeleteBehavior.Cascade);
            builder.HasOne<Group>().WithMany().HasForeignKey(member => member.GroupId).OnDelete(DeleteBehavior.Cascade);
        }
    }
}
