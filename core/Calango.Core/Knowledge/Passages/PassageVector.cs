using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Calango.Core.Knowledge;

/// <summary>Where a passage, or a part of a long one, lies in the space of a model.</summary>
internal sealed class PassageVector
{
    public long Number { get; init; }

    public long PassageNumber { get; init; }

    public Guid Edition { get; init; }

    /// <summary>Single-precision numbers, little-endian; their squares sum to 1.</summary>
    public required byte[] Values { get; init; }

    internal sealed class Mapping : IEntityTypeConfiguration<PassageVector>
    {
        public void Configure(EntityTypeBuilder<PassageVector> builder)
        {
            builder.ToTable("passage_vectors");
            builder.HasKey(vector => vector.Number);
            builder.HasIndex(vector => vector.Edition);
            builder.HasIndex(vector => vector.PassageNumber);
            builder.HasOne<Passage>().WithMany().HasForeignKey(vector => vector.PassageNumber).OnDelete(DeleteBehavior.Cascade);
        }
    }
}
