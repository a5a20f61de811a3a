using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Calango.Core.Knowledge;

/// <summary>A question to a collection of which it is known in which documents the answer stands.</summary>
public sealed class EvaluationQuestion
{
    /// <summary>The longest question, in UTF-16 units.</summary>
    public const int MaxTextLength = 2_000;

    /// <summary>Id; ascending in the order in which they were given.</summary>
    public Guid Id { get; init; }

    /// <summary>The collection.</summary>
    public Guid CollectionId { get; init; }

    /// <summary>The question.</summary>
    public required string Text { get; init; }

    /// <summary>The names of the documents; at least one.</summary>
    public required IReadOnlyList<string> Documents { get; init; }

    internal sealed class Mapping : IEntityTypeConfiguration<EvaluationQuestion>
    {
        public void Configure(EntityTypeBuilder<EvaluationQuestion> builder)
        {
            builder.ToTable("evaluation_questions");
            builder.Property(question => question.Text).HasMaxLength(MaxTextLength);
            builder.PrimitiveCollection(question => question.Documents);
            builder.HasIndex(question => new { question.CollectionId, question.Id });
            builder.HasOne<Collection>().WithMany().HasForeignKey(question => question.CollectionId).OnDelete(DeleteBehavior.Cascade);
        }
    }
}
