using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Calango.Core.Knowledge;

/// <summary>
/// A document of a collection. What can be found of it is one edition of it: while another one is made, from a new content or for
/// another model, the one that is there is found as before.
/// </summary>
public sealed class Document
{
    /// <summary>The longest name, in UTF-16 units.</summary>
    public const int MaxNameLength = 400;

    /// <summary>Id.</summary>
    public Guid Id { get; init; }

    /// <summary>The collection.</summary>
    public Guid CollectionId { get; init; }

    /// <summary>Its file's name, or its title. Unique in the collection: whoever adds another of the same name replaces it.</summary>
    public required string Name { get; init; }

    /// <summary>The address of the page that it was; null: it was none.</summary>
    public string? Address { get; set; }

    /// <summary>Under which key its bytes are kept.</summary>
    public required string BlobKey { get; set; }

    /// <summary>Its bytes.</summary>
    public long Length { get; set; }

    /// <summary>The SHA-256 of its bytes, in lower-case hexadecimal.</summary>
    public required string Sha256 { get; set; }

    /// <summary>Who put it there; null: they are gone.</summary>
    public Guid? AddedBy { get; set; }

    /// <summary>When this content was put there.</summary>
    public DateTimeOffset AddedAt { get; set; }

    /// <summary>Where it is on its way.</summary>
    public DocumentState State { get; set; }

    /// <summary>Why it failed: the end of a locale key <c>knowledge.failure.{code}</c>; null: it has not.</summary>
    public string? Failure { get; set; }

    /// <summary>What a sentence about that names, as a JSON object of strings; null: nothing.</summary>
    public string? FailureArguments { get; set; }

    /// <summary>What is done first: the lower, the sooner.</summary>
    public IngestionPriority Priority { get; set; }

    /// <summary>The edition that can be found; null: none yet.</summary>
    public Guid? Edition { get; set; }

    /// <summary>The space of that edition's vectors; null: it has none.</summary>
    public string? Fingerprint { get; set; }

    /// <summary>The edition whose passages are all there, and are being placed; null: none.</summary>
    public Guid? NextEdition { get; set; }

    /// <summary>How many passages of the edition that is being made are done.</summary>
    public int Done { get; set; }

    /// <summary>How many passages it has, or will have.</summary>
    public int Passages { get; set; }

    /// <summary>How many tokens its passages have.</summary>
    public int Tokens { get; set; }

    /// <summary>How many pages it has; null: it has none, or they are not known.</summary>
    public int? Pages { get; set; }

    /// <summary>Its language.</summary>
    public TextLanguage Language { get; set; }

    /// <summary>Who is at it; null: nobody is, or somebody wants it otherwise since.</summary>
    public Guid? ClaimedBy { get; set; }

    /// <summary>Until when; after that they are gone.</summary>
    public DateTimeOffset? ClaimedUntil { get; set; }

    /// <summary>It is on its way: somebody who looks wants to see it move.</summary>
    public bool IsUnderWay => State is DocumentState.Waiting or DocumentState.Reading or DocumentState.Indexing or DocumentState.Removing;

    internal sealed class Mapping : IEntityTypeConfiguration<Document>
    {
        private const int MaxKeyLength = 200;
        private const int Sha256Length = 64;
        private const int MaxFailureLength = 60;

        public void Configure(EntityTypeBuilder<Document> builder)
        {
            builder.ToTable("documents");
            builder.Ignore(document => document.IsUnderWay);
            builder.Property(document => document.Name).HasMaxLength(MaxNameLength);
            builder.Property(document => document.Address).HasMaxLength(Source.MaxAddressLength);
            builder.Property(document => document.BlobKey).HasMaxLength(MaxKeyLength);
            builder.Property(document => document.Sha256).HasMaxLength(Sha256Length);
            builder.Property(document => document.Failure).HasMaxLength(MaxFailureLength);
            builder.Property(document => document.Fingerprint).HasMaxLength(200);
            builder.HasIndex(document => new { document.CollectionId, document.Name }).IsUnique();
            builder.HasIndex(document => new { document.State, document.Priority, document.AddedAt }).HasFilter("\"State\" < 4");
            builder.HasIndex(document => document.BlobKey);
            builder.HasOne<Collection>().WithMany().HasForeignKey(document => document.CollectionId).OnDelete(DeleteBehavior.Cascade);
        }
    }
}

/// <summary>Where a document is on its way.</summary>
public enum DocumentState
{
    /// <summary>It is being removed.</summary>
    Removing,

    /// <summary>Its text is to be read, and cut into passages.</summary>
    Waiting,

    /// <summary>That is being done.</summary>
    Reading,

    /// <summary>Its passages are being placed.</summary>
    Indexing,

    /// <summary>It can be found.</summary>
    Ready,

    /// <summary>Somebody has stopped it for now.</summary>
    Paused,

    /// <summary>It could not be taken in.</summary>
    Failed,
}

/// <summary>What is taken in first.</summary>
public enum IngestionPriority
{
    /// <summary>Somebody waits for it in a chat.</summary>
    Chat,

    /// <summary>Somebody has added it.</summary>
    Added,

    /// <summary>It is there already, and made anew.</summary>
    Again,
}
