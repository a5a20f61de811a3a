using Calango.Core.Data;
using Microsoft.Extensions.Logging;
using Quartz;

namespace Calango.Core.Jobs;

/// <summary>What the server does each minute, once among all replicas. Nothing is written down of it: it reports what it does itself.</summary>
/// <param name="Name">Its name in the schedule.</param>
/// <param name="RunAsync">What it does; it takes less than the minute, or goes on where it was with the next.</param>
internal sealed record Routine(string Name, Func<CancellationToken, Task> RunAsync)
{
    /// <summary>When it is due, as Quartz writes it.</summary>
    public const string Cron = "0 * * * * ?";
}

/// <summary>A routine as Quartz runs it.</summary>
[DisallowConcurrentExecution]
internal sealed partial class RoutineJob(Routine routine, ILogger logger) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await routine.RunAsync(cancellationToken);
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            // The next minute is another chance.
            LogPostponed(logger, routine.Name, failure.GetType().Name, failure is DatabaseUnavailableException or StorageFullException ? null : failure.StackTrace);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Routine {Routine} could not go on ({ExceptionType} at {StackTrace}); it will be tried again")]
    private static partial void LogPostponed(ILogger logger, string routine, string exceptionType, string? stackTrace);
}
