using Quartz;

namespace Calango.Core.Jobs;

/// <summary>Jobs that run when they are due, until it is disposed of.</summary>
internal sealed class RunningSchedule(StandaloneSchedulerFactory quartz, TimeProvider clock) : IAsyncDisposable
{
    // A step of a job takes moments. The rest is Quartz's own, which waits for a database that is away, whatever it is told.
    private static readonly TimeSpan LongestEnd = TimeSpan.FromSeconds(10);

    /// <summary>Ends the job that runs between two of its steps, and notes that it has to go on.</summary>
    public async ValueTask DisposeAsync()
    {
        using var limit = new CancellationTokenSource(LongestEnd, clock);
        await (await quartz.GetScheduler(CancellationToken.None)).Shutdown(waitForJobsToComplete: true, limit.Token).AsTask().WaitAsync(limit.Token);
        await quartz.DisposeAsync();
    }
}
