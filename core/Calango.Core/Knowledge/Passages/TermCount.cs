using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Calango.Core.Knowledge;

/// <summary>In how many passages of a collection a term is: how rare it is there.</summary>
internal sealed class TermCount
{
    public Guid CollectionId { get; init; }

    public required string Term { get; init; }

    public int Passages { get; init; }

    internal sealed class Mapping : IEntityTypeConfiguration<TermCount>
    {
        private const int MaxTermLength = 64;

        public void Configure(EntityTypeBuilder<TermCount> builder)
        {
            builder.ToTable("term_counts");
            builder.HasKey(count => new { count.CollectionId, count.Term });
            builder.Property(count => count.Term).HasMaxLength(MaxTermLength);
            builder.HasOne<Collection>().WithMany().HasForeignKey(count => count.CollectionId).OnDelete(DeleteBehavior.Cascade);
        }
    }
}
