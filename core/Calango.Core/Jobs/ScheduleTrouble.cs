using Microsoft.Extensions.Logging;
using Quartz;

namespace Calango.Core.Jobs;

/// <summary>Says that the schedule cannot be read or written. Quartz tries again by itself; jobs report their own failures.</summary>
internal sealed partial class ScheduleTrouble(ILogger logger) : ISchedulerListener
{
    public ValueTask SchedulerError(IScheduler scheduler, SchedulerErrorContext errorContext, CancellationToken cancellationToken = default)
    {
        if (errorContext.Exception is not JobExecutionException)
        {
            LogTrouble(logger, errorContext.Exception.GetBaseException().GetType().Name);
        }

        return ValueTask.CompletedTask;
    }

    [LoggerMessage(LogLevel.Warning, "The schedule of the jobs cannot be reached ({ExceptionType}); trying again")]
    private static partial void LogTrouble(ILogger logger, string exceptionType);
}
