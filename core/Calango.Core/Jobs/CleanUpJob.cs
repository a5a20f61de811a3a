using Quartz;
using Quartz.Extensibility;

namespace Calango.Core.Jobs;

/// <summary>A clean-up as Quartz runs it: one run at a time among all replicas, and again where its process is gone.</summary>
[DisallowConcurrentExecution]
internal sealed class CleanUpJob(CleanUpRunner runner, CleanUp cleanUp) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default) =>
        await runner.RunAsync(cleanUp, context.Scheduler.SchedulerInstanceId, cancellationToken);

    /// <summary>Finds the clean-up of a job by its name.</summary>
    internal sealed class Factory(CleanUpRunner runner, IEnumerable<CleanUp> cleanUps) : IJobFactory
    {
        public ValueTask<JobScope> CreateJob(TriggerFiredBundle bundle, IScheduler scheduler, CancellationToken cancellationToken = default) =>
            ValueTask.FromResult(new JobScope(new CleanUpJob(runner, cleanUps.Single(cleanUp => cleanUp.Name == bundle.JobDetail.Key.Name))));

        public ValueTask ReturnJob(JobScope scope, CancellationToken cancellationToken = default) => ValueTask.CompletedTask;
    }
}
