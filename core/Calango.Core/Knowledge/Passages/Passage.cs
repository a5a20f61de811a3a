using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Calango.Core.Knowledge;

/// <summary>
/// A part of an edition of a document: what is found, quoted and cited. On SQLite its terms are in the FTS5 table
/// <c>passage_words</c> under its number, on PostgreSQL in a tsvector column of this table.
/// </summary>
public sealed class Passage
{
    /// <summary>Its number.</summary>
    public long Number { get; init; }

    /// <summary>The document.</summary>
    public Guid DocumentId { get; init; }

    /// <summary>The edition of it.</summary>
    public Guid Edition { get; init; }

    /// <summary>Its place in the document, from 0.</summary>
    public int Ordinal { get; init; }

    /// <summary>The headings above it, from the outermost; empty: none.</summary>
    public string Headings { get; init; } = "";

    /// <summary>The page on which it begins; null: there are none.</summary>
    public int? Page { get; init; }

    /// <summary>The page on which it ends.</summary>
    public int? LastPage { get; init; }

    /// <summary>Its text.</summary>
    public required string Text { get; init; }

    /// <summary>The language in which its words are compared.</summary>
    public TextLanguage Language { get; init; }

    /// <summary>How many tokens it has, as the model that places it counts them.</summary>
    public int Tokens { get; init; }

    /// <summary>The texts by which it is placed, a JSON array; null: its headings and its text, which one look takes in.</summary>
    public string? Windows { get; init; }

    /// <summary>It has been placed, or needs no place.</summary>
    public bool IsPlaced { get; init; }

    /// <summary>What is placed, and looked through for words: a passage says little without the headings above it.</summary>
    internal static string Placed(string headings, string text) => headings.Length == 0 ? text : $"{headings}\n{text}";

    internal sealed class Mapping : IEntityTypeConfiguration<Passage>
    {
        public void Configure(EntityTypeBuilder<Passage> builder)
        {
            builder.ToTable("passages");
            builder.HasKey(passage => passage.Number);
            builder.HasIndex(passage => new { passage.Edition, passage.Ordinal }).IsUnique();
            builder.HasIndex(passage => passage.Edition, "IX_passages_NotPlaced").HasFilter("NOT \"IsPlaced\"");
            builder.HasOne<Document>().WithMany().HasForeignKey(passage => passage.DocumentId).OnDelete(DeleteBehavior.Cascade);
        }
    }
}
