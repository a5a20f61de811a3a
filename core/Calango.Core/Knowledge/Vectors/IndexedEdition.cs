using Calango.Sdk;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Calango.Core.Knowledge;

/// <summary>An edition whose vectors a place has, or has some of: written before the first is sent there, so that nothing is there of which nobody knows.</summary>
internal sealed class IndexedEdition
{
    public Guid PlaceId { get; init; }

    public Guid Edition { get; init; }

    public Guid CollectionId { get; init; }

    /// <inheritdoc cref="IndexSpace.Tenant"/>
    public required string Tenant { get; init; }

    /// <inheritdoc cref="IndexSpace.Fingerprint"/>
    public required string Fingerprint { get; init; }

    public int Dimensions { get; init; }

    /// <summary>The place has all of them.</summary>
    public bool IsWhole { get; init; }

    public IndexSpace Space => new(Tenant, CollectionId, Fingerprint, Dimensions);

    internal sealed class Mapping : IEntityTypeConfiguration<IndexedEdition>
    {
        private const int TenantLength = 64;

        public void Configure(EntityTypeBuilder<IndexedEdition> builder)
        {
            builder.ToTable("indexed_editions");
            builder.HasKey(edition => new { edition.PlaceId, edition.Edition });
            builder.Ignore(edition => edition.Space);
            builder.Property(edition => edition.Tenant).HasMaxLength(TenantLength);
            builder.Property(edition => edition.Fingerprint).HasMaxLength(200);
            builder.HasIndex(edition => edition.CollectionId);
            builder.HasOne<IndexPlace>().WithMany().HasForeignKey(edition => edition.PlaceId).OnDelete(DeleteBehavior.Cascade);
        }
    }
}
