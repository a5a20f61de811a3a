using Quartz;

namespace Calango.Core.Jobs;

/// <summary>A clean-up as Quartz runs it: one run at a time among all replicas, and again where its process is gone.</summary>
[DisallowConcurrentExecution]
internal sealed class CleanUpJob(CleanUpRunner runner, JobRuns runs, CleanUp cleanUp) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        // Only here, where the job runs nowhere else, is it known for sure whether it has run since somebody asked for it.
        if (!AskedRun.Is(context.Trigger.Key) || await runs.FindLastAsync(cleanUp.Name, cancellationToken) == AskedRun.SeenOf(context.Trigger.Key))
        {
            await runner.RunAsync(cleanUp, context.Scheduler.SchedulerInstanceId, cancellationToken);
        }
    }
}
