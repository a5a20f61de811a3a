using Calango.Core.Errors;

namespace Calango.Core.Jobs;

/// <summary>A job as whoever runs the server sees it.</summary>
/// <param name="Name">Its name in the schedule.</param>
/// <param name="At">The time of the day at which it is due; null: it runs each minute, and nothing is written down of it.</param>
/// <param name="Runs">Its last runs, the newest first.</param>
/// <param name="Due">What the schedule says of it; null: it cannot be asked now.</param>
public sealed record JobStanding(string Name, TimeOnly? At, IReadOnlyList<JobRun> Runs, JobDue? Due)
{
    /// <summary>The newest one; null: none is known.</summary>
    public JobRun? Last => Runs.Count > 0 ? Runs[0] : null;

    /// <summary>How many of its last runs did not come to a good end.</summary>
    public int Failures => Runs.Count(run => run.Outcome is JobOutcome.Failed or JobOutcome.Interrupted);

    /// <summary>Whether it runs now, or is about to because somebody asked for it.</summary>
    public bool IsAtWork => Last?.Outcome == JobOutcome.Running || Due is { IsAskedFor: true };
}

/// <summary>When a job is due.</summary>
/// <param name="NextAt">When next; null: the schedule doesn't say.</param>
/// <param name="LastAt">When it was last; null: it never was.</param>
/// <param name="IsAskedFor">Whether somebody has asked for it, and it has not ended since.</param>
public sealed record JobDue(DateTimeOffset? NextAt, DateTimeOffset? LastAt, bool IsAskedFor);

/// <summary>What the server does by itself, for whoever runs it. Thread-safe.</summary>
public sealed class JobList
{
    private readonly JobRuns _runs;
    private readonly Schedule _schedule;
    private readonly IReadOnlyList<(string Name, TimeOnly? At)> _jobs;

    internal JobList(JobRuns runs, Schedule schedule, IEnumerable<CleanUp> cleanUps, IEnumerable<Routine> routines)
    {
        (_runs, _schedule) = (runs, schedule);
        _jobs = [.. cleanUps.OrderBy(cleanUp => cleanUp.At).Select(cleanUp => (cleanUp.Name, (TimeOnly?)cleanUp.At)), .. routines.Select(routine => (routine.Name, (TimeOnly?)null))];
    }

    /// <summary>All, in the order in which they are due; last those of each minute.</summary>
    public async Task<IReadOnlyList<JobStanding>> ListAsync(CancellationToken cancellationToken)
    {
        var runs = (await _runs.ListAsync(cancellationToken)).ToLookup(run => run.Job);
        var due = await _schedule.DueAsync([.. _jobs.Select(job => job.Name)], cancellationToken);
        return [.. _jobs.Select(job => new JobStanding(job.Name, job.At, [.. runs[job.Name]], due.GetValueOrDefault(job.Name)))];
    }

    /// <summary>Has a job run now, once, however many ask for it at the same time.</summary>
    /// <param name="name">Which.</param>
    /// <param name="seen">The run that whoever asks saw as its last; null: they saw none. If it has run since, nothing happens.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="NotFoundException">There is no such job, or it runs each minute anyway.</exception>
    /// <exception cref="RejectedException"><c>jobs.notNow</c>: the schedule has not begun, or cannot be reached.</exception>
    public Task RunAsync(string name, Guid? seen, CancellationToken cancellationToken) =>
        _jobs.Any(job => job.Name == name && job.At is not null) ? _schedule.AskForAsync(name, seen, cancellationToken) : throw new NotFoundException();
}
