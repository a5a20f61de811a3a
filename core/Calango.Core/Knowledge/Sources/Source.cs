using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Calango.Core.Knowledge;

/// <summary>Where documents of a collection come from by themselves: an address of the web, or a folder of the server.</summary>
public sealed class Source
{
    /// <summary>The longest address, in UTF-16 units.</summary>
    public const int MaxAddressLength = 1_000;

    /// <summary>Id.</summary>
    public Guid Id { get; init; }

    /// <summary>The collection.</summary>
    public Guid CollectionId { get; init; }

    /// <summary>Of which kind it is.</summary>
    public SourceKind Kind { get; init; }

    /// <summary>Its address, or the path of its folder.</summary>
    public required string Address { get; init; }

    /// <summary>How often it is looked at.</summary>
    public RefreshInterval Interval { get; set; }

    /// <summary>When it was added.</summary>
    public DateTimeOffset AddedAt { get; init; }

    /// <summary>When it is looked at next; null: when somebody asks for it.</summary>
    public DateTimeOffset? DueAt { get; set; }

    /// <summary>When it was looked at last, to the end; null: never.</summary>
    public DateTimeOffset? RefreshedAt { get; set; }

    /// <summary>Why that did not go well: the end of a locale key <c>knowledge.source.failure.{code}</c>; null: it did.</summary>
    public string? Failure { get; set; }

    /// <summary>What a sentence about that names, as a JSON object of strings; null: nothing.</summary>
    public string? FailureArguments { get; set; }

    /// <summary>How many pages or files it has.</summary>
    public int Found { get; set; }

    /// <summary>How many of them were looked at, while it is looked at.</summary>
    public int Done { get; set; }

    /// <summary>Who is at it; null: nobody is.</summary>
    public Guid? ClaimedBy { get; set; }

    /// <summary>Until when; after that they are gone.</summary>
    public DateTimeOffset? ClaimedUntil { get; set; }

    /// <summary>Somebody is at it.</summary>
    public bool IsUnderWay(DateTimeOffset now) => ClaimedBy is not null && ClaimedUntil > now;

    /// <summary>Somebody will be at it in a moment.</summary>
    public bool IsDue(DateTimeOffset now) => DueAt <= now;

    internal sealed class Mapping : IEntityTypeConfiguration<Source>
    {
        private const int MaxFailureLength = 60;

        public void Configure(EntityTypeBuilder<Source> builder)
        {
            builder.ToTable("sources");
            builder.Property(source => source.Address).HasMaxLength(MaxAddressLength);
            builder.Property(source => source.Failure).HasMaxLength(MaxFailureLength);
            builder.HasIndex(source => new { source.CollectionId, source.Address }).IsUnique();
            builder.HasIndex(source => source.DueAt).HasFilter("\"DueAt\" IS NOT NULL");
            builder.HasOne<Collection>().WithMany().HasForeignKey(source => source.CollectionId).OnDelete(DeleteBehavior.Cascade);
        }
    }
}

/// <summary>Of which kind a source is.</summary>
public enum SourceKind
{
    /// <summary>A page of the web, or a sitemap that names pages.</summary>
    Web,

    /// <summary>A folder on a disk of the server.</summary>
    Folder,
}

/// <summary>How often a source is looked at.</summary>
public enum RefreshInterval
{
    /// <summary>When somebody asks for it.</summary>
    Never,

    /// <summary>Each hour.</summary>
    Hourly,

    /// <summary>Each day.</summary>
    Daily,

    /// <summary>Each week.</summary>
    Weekly,
}
