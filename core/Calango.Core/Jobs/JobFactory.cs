using Microsoft.Extensions.Logging;
using Quartz;
using Quartz.Extensibility;

namespace Calango.Core.Jobs;

/// <summary>Finds what a job does by its name.</summary>
internal sealed class JobFactory(CleanUpRunner runner, JobRuns runs, IEnumerable<CleanUp> cleanUps, IEnumerable<Routine> routines, ILogger logger) : IJobFactory
{
    public ValueTask<JobScope> CreateJob(TriggerFiredBundle bundle, IScheduler scheduler, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(new JobScope(JobOf(bundle.JobDetail.Key.Name)));

    public ValueTask ReturnJob(JobScope scope, CancellationToken cancellationToken = default) => ValueTask.CompletedTask;

    private IJob JobOf(string name) => routines.SingleOrDefault(routine => routine.Name == name) is { } routine
        ? new RoutineJob(routine, logger)
        : new CleanUpJob(runner, runs, cleanUps.Single(cleanUp => cleanUp.Name == name));
}
