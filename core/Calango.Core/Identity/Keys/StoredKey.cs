using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Calango.Core.Identity;

/// <summary>A key of data protection, sealed with the server's secret. All replicas share them.</summary>
internal sealed class StoredKey
{
    public Guid Id { get; init; }

    public required byte[] Sealed { get; init; }

    internal sealed class Mapping : IEntityTypeConfiguration<StoredKey>
    {
        public void Configure(EntityTypeBuilder<StoredKey> builder) => builder.ToTable("data_protection_keys");
    }
}
