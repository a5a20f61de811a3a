using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Calango.Core.Knowledge;

/// <summary>How well a collection answered its questions, set up in one way.</summary>
public sealed class EvaluationRun
{
    /// <summary>Id; ascending in time.</summary>
    public Guid Id { get; init; }

    /// <summary>The collection.</summary>
    public Guid CollectionId { get; init; }

    /// <summary>When.</summary>
    public DateTimeOffset At { get; init; }

    /// <summary>How it was set up.</summary>
    public RetrievalOptions Options { get; init; } = new();

    /// <summary>The space of its passages then; null: words alone were compared.</summary>
    public string? Fingerprint { get; init; }

    /// <summary>How many questions were asked.</summary>
    public int Questions { get; init; }

    /// <summary>nDCG@10, the mean over the questions.</summary>
    public double Ndcg { get; init; }

    /// <summary>recall@10, the mean over the questions.</summary>
    public double Recall { get; init; }

    /// <summary>MRR@10.</summary>
    public double Mrr { get; init; }

    /// <summary>The share of the questions for which an answer would be given a passage of a right document.</summary>
    public double Given { get; init; }

    internal sealed class Mapping : IEntityTypeConfiguration<EvaluationRun>
    {
        public void Configure(EntityTypeBuilder<EvaluationRun> builder)
        {
            builder.ToTable("evaluation_runs");
            builder.Property(run => run.Fingerprint).HasMaxLength(200);
            builder.ComplexProperty(run => run.Options);
            builder.HasIndex(run => new { run.CollectionId, run.Id });
            builder.HasOne<Collection>().WithMany().HasForeignKey(run => run.CollectionId).OnDelete(DeleteBehavior.Cascade);
        }
    }
}
