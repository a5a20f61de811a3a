using Calango.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Calango.Core.Jobs;

/// <summary>The record of the last runs. Thread-safe.</summary>
internal sealed class JobRuns(Database database, TimeProvider clock)
{
    private const int KeptOfEachJob = 20;

    /// <summary>A run that begins now.</summary>
    public JobRun New(string job, string replica)
    {
        var now = clock.GetUtcNow();
        return new JobRun { Id = Guid.CreateVersion7(now), Job = job, Replica = replica, StartedAt = now };
    }

    /// <summary>Stores that a run has begun. A job runs once at a time: another run of it that never ended is over.</summary>
    public Task BeginAsync(JobRun run, CancellationToken cancellationToken) => database.WriteAsync(async db =>
    {
        var others = db.Set<JobRun>().Where(other => other.Job == run.Job);
        await others.Where(other => other.Outcome == JobOutcome.Running)
            .ExecuteUpdateAsync(set => set.SetProperty(other => other.Outcome, JobOutcome.Interrupted), cancellationToken);
        await others.OrderByDescending(other => other.Id).Skip(KeptOfEachJob - 1).ExecuteDeleteAsync(cancellationToken);
        db.Add(run);
        await db.SaveChangesAsync(cancellationToken);
    }, cancellationToken);

    /// <summary>All that are known, the newest first.</summary>
    public Task<List<JobRun>> ListAsync(CancellationToken cancellationToken) =>
        database.ReadAsync(db => db.Set<JobRun>().OrderByDescending(run => run.Id).ToListAsync(cancellationToken), cancellationToken);

    /// <summary>A job's newest; null: there is none.</summary>
    public Task<Guid?> FindLastAsync(string job, CancellationToken cancellationToken) => database.ReadAsync(
        db => db.Set<JobRun>().Where(run => run.Job == job).OrderByDescending(run => run.Id).Select(run => (Guid?)run.Id).FirstOrDefaultAsync(cancellationToken), cancellationToken);

    /// <summary>Stores how far a run is.</summary>
    public Task SaveAsync(JobRun run, CancellationToken cancellationToken) => database.WriteAsync(
        db => db.Set<JobRun>().Where(stored => stored.Id == run.Id).ExecuteUpdateAsync(set => set
            .SetProperty(stored => stored.Removed, run.Removed)
            .SetProperty(stored => stored.Outcome, run.Outcome)
            .SetProperty(stored => stored.EndedAt, run.EndedAt), cancellationToken), cancellationToken);
}
