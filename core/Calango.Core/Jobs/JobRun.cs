using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Calango.Core.Jobs;

/// <summary>One run of a job: when, where and what came of it.</summary>
public sealed class JobRun
{
    /// <summary>Rises with time.</summary>
    public Guid Id { get; init; }

    /// <summary>The job.</summary>
    public string Job { get; init; } = "";

    /// <summary>The process that ran it.</summary>
    public string Replica { get; init; } = "";

    /// <summary>When it began.</summary>
    public DateTimeOffset StartedAt { get; init; }

    /// <summary>When it ended; null: it runs, or nobody was left to say so.</summary>
    public DateTimeOffset? EndedAt { get; private set; }

    /// <summary>How it ended.</summary>
    public JobOutcome Outcome { get; private set; }

    /// <summary>How many things it has removed so far.</summary>
    public long Removed { get; private set; }

    /// <summary>It removed some more.</summary>
    public void Add(int removed) => Removed += removed;

    /// <summary>It has ended.</summary>
    public void End(JobOutcome outcome, DateTimeOffset at) => (Outcome, EndedAt) = (outcome, at);

    internal sealed class Mapping : IEntityTypeConfiguration<JobRun>
    {
        public void Configure(EntityTypeBuilder<JobRun> builder)
        {
            builder.ToTable("job_runs");
            builder.Property(run => run.Job).HasMaxLength(100);
            builder.Property(run => run.Replica).HasMaxLength(100);
        }
    }
}

/// <summary>How a run of a job ended.</summary>
public enum JobOutcome
{
    /// <summary>It hasn't yet.</summary>
    Running,

    /// <summary>Nothing was left to be done.</summary>
    Complete,

    /// <summary>The server was asked to stop; the next run goes on.</summary>
    Stopped,

    /// <summary>Something went wrong; the next run goes on.</summary>
    Failed,

    /// <summary>Its process was gone, or could not say how it ended.</summary>
    Interrupted,
}
