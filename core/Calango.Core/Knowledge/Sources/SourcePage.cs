using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Calango.Core.Knowledge;

/// <summary>A page or a file of a source, as it was when it was last taken in.</summary>
public sealed class SourcePage
{
    /// <summary>The source.</summary>
    public Guid SourceId { get; init; }

    /// <summary>Its address, or its path below the folder.</summary>
    public required string Address { get; init; }

    /// <summary>The document that it became.</summary>
    public Guid DocumentId { get; set; }

    /// <summary>The name of that.</summary>
    public string Name { get; set; } = "";

    /// <summary>The SHA-256 of its bytes, in lower-case hexadecimal.</summary>
    public string Sha256 { get; set; } = "";

    /// <summary>What tells this version of it from others, as the place itself says it; null: it says nothing.</summary>
    public string? Version { get; set; }

    /// <summary>When it was changed last, as the place itself says it; null: it says nothing.</summary>
    public string? LastModified { get; set; }

    /// <summary>How often in a row it was not there.</summary>
    public int TimesGone { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<SourcePage>
    {
        public void Configure(EntityTypeBuilder<SourcePage> builder)
        {
            builder.ToTable("source_pages");
            builder.HasKey(page => new { page.SourceId, page.Address });
            builder.Property(page => page.Address).HasMaxLength(Source.MaxAddressLength);
            builder.Property(page => page.Name).HasMaxLength(Document.MaxNameLength);
            builder.Property(page => page.Sha256).HasMaxLength(64);
            builder.Property(page => page.Version).HasMaxLength(PageVersion.MaxLength);
            builder.Property(page => page.LastModified).HasMaxLength(PageVersion.MaxLength);
            builder.HasOne<Source>().WithMany().HasForeignKey(page => page.SourceId).OnDelete(DeleteBehavior.Cascade);
        }
    }
}

/// <summary>What a place says of the version of a page that it gave.</summary>
/// <param name="Tag">What tells it from others; null: nothing is said.</param>
/// <param name="LastModified">When it was changed last; null: nothing is said.</param>
internal sealed record PageVersion(string? Tag, string? LastModified)
{
    /// <summary>The longest of these that is remembered.</summary>
    public const int MaxLength = 200;

    public static PageVersion Of(string? tag, string? lastModified) => new(Kept(tag), Kept(lastModified));

    private static string? Kept(string? text) => text is { Length: <= MaxLength } ? text : null;
}
