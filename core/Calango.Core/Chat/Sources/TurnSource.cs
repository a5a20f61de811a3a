using Calango.Core.Knowledge;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Calango.Core.Chat;

/// <summary>What of a document was given to the model for an answer, which cites it by its number. It stays as it was read, whatever becomes of the document.</summary>
public sealed class TurnSource
{
    /// <summary>The turn.</summary>
    public Guid TurnId { get; init; }

    /// <summary>The number by which it is cited, from 1.</summary>
    public int Number { get; init; }

    /// <summary>The collection.</summary>
    public Guid CollectionId { get; init; }

    /// <summary>The document.</summary>
    public Guid DocumentId { get; init; }

    /// <summary>Its name, as it was then.</summary>
    public string DocumentName { get; init; } = "";

    /// <summary>The place of its first passage in the document, from 0.</summary>
    public int Ordinal { get; init; }

    /// <summary>The headings above it; empty: none.</summary>
    public string Headings { get; init; } = "";

    /// <summary>The page on which it begins; null: there are none.</summary>
    public int? Page { get; init; }

    /// <summary>The page on which it ends.</summary>
    public int? LastPage { get; init; }

    /// <summary>Its text.</summary>
    public string Text { get; init; } = "";

    /// <summary>It is all of the document.</summary>
    public bool IsWhole { get; init; }

    /// <summary>The share of what the question's words say that it has, 0 to 1.</summary>
    public double Coverage { get; init; }

    /// <summary>How near it is in meaning, -1 to 1; null: not known.</summary>
    public double? Cosine { get; init; }

    /// <summary>Both together, 0 to 1.</summary>
    public double Score { get; init; }

    internal static TurnSource Of(Guid turnId, int number, Quotation quotation) => new()
    {
        TurnId = turnId,
        Number = number,
        CollectionId = quotation.CollectionId,
        DocumentId = quotation.DocumentId,
        DocumentName = quotation.DocumentName,
        Ordinal = quotation.Ordinal,
        Headings = quotation.Headings,
        Page = quotation.Page,
        LastPage = quotation.LastPage,
        Text = quotation.Text,
        IsWhole = quotation.IsWhole,
        Coverage = quotation.Best.Coverage,
        Cosine = quotation.Best.Cosine,
        Score = quotation.Best.Score,
    };

    internal TurnSource CopyFor(Guid turnId) => new()
    {
        TurnId = turnId,
        Number = Number,
        CollectionId = CollectionId,
        DocumentId = DocumentId,
        DocumentName = DocumentName,
        Ordinal = Ordinal,
        Headings = Headings,
        Page = Page,
        LastPage = LastPage,
        Text = Text,
        IsWhole = IsWhole,
        Coverage = Coverage,
        Cosine = Cosine,
        Score = Score,
    };

    internal sealed class Mapping : IEntityTypeConfiguration<TurnSource>
    {
        public void Configure(EntityTypeBuilder<TurnSource> builder)
        {
            builder.ToTable("turn_sources");
            builder.HasKey(source => new { source.TurnId, source.Number });
            builder.Property(source => source.DocumentName).HasMaxLength(Document.MaxNameLength);
            builder.HasOne<Turn>().WithMany().HasForeignKey(source => source.TurnId).OnDelete(DeleteBehavior.Cascade);
        }
    }
}
