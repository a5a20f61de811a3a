using Quartz;

namespace Calango.Core.Jobs;

/// <summary>A clean-up as Quartz runs it: one run at a time among all replicas, and again where its process is gone.</summary>
[DisallowConcurrentExecution]
internal sealed class CleanUpJob(CleanUpRunner runner, CleanUp cleanUp) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default) =>
        await runner.RunAsync(cleanUp, context.Scheduler.SchedulerInstanceId, cancellationToken);
}
