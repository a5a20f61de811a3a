using Calango.Core.Data;
using Microsoft.Extensions.Logging;

namespace Calango.Core.Jobs;

/// <summary>Runs a clean-up until nothing is left, and reports what it removed however it ended. Thread-safe.</summary>
internal sealed partial class CleanUpRunner(JobRuns runs, JobTelemetry telemetry, TimeProvider clock, ILogger<CleanUpRunner> logger)
{
    // In real time, whatever the clock says: it leaves the database to the turns.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <exception cref="OperationCanceledException">The server stops; what is left is for the next run.</exception>
    public async Task RunAsync(CleanUp cleanUp, string replica, CancellationToken cancellationToken)
    {
        var run = runs.New(cleanUp.Name, replica);
        var begun = clock.GetTimestamp();
        Exception? failure = null;
        try
        {
            await runs.BeginAsync(run, cancellationToken);
            while (await cleanUp.Work.RemoveSomeAsync(cancellationToken) is > 0 and var removed)
            {
                run.Add(removed);
                telemetry.Removed(run.Job, removed);
                await runs.SaveAsync(run, cancellationToken);
                await Task.Delay(Pause, cancellationToken);
            }
        }
        catch (Exception exception)
        {
            failure = exception;
            throw;
        }
        finally
        {
            var stopped = failure is OperationCanceledException && cancellationToken.IsCancellationRequested;
            run.End(stopped ? JobOutcome.Stopped : failure is null ? JobOutcome.Complete : JobOutcome.Failed, clock.GetUtcNow());
            Report(run, clock.GetElapsedTime(begun), failure);
            await StoreEndAsync(run);
        }
    }

    private void Report(JobRun run, TimeSpan duration, Exception? failure)
    {
        var error = run.Outcome == JobOutcome.Failed ? failure!.GetType().Name : null;
        telemetry.Ended(run.Job, duration, error);
        if (error is null)
        {
            LogEnded(logger, run.Job, run.Removed, (long)duration.TotalMilliseconds, run.Outcome);
        }
        else if (failure is DatabaseUnavailableException or StorageFullException)
        {
            LogPostponed(logger, run.Job, run.Removed, (long)duration.TotalMilliseconds, error);
        }
        else
        {
            LogFault(logger, run.Job, run.Removed, (long)duration.TotalMilliseconds, error, failure!.StackTrace);
        }
    }

    private async Task StoreEndAsync(JobRun run)
    {
        try
        {
            await runs.SaveAsync(run, CancellationToken.None);
        }
        catch (Exception exception)
        {
            // The next run finds this one open and calls it interrupted.
            LogNotStored(logger, run.Job, exception.GetType().Name);
        }
    }

    [LoggerMessage(LogLevel.Information, "Job {Job} removed {Removed} in {Milliseconds} ms: {Outcome}")]
    private static partial void LogEnded(ILogger logger, string job, long removed, long milliseconds, JobOutcome outcome);

    [LoggerMessage(LogLevel.Warning, "Job {Job} removed {Removed} in {Milliseconds} ms and could not go on ({ExceptionType}); it will be tried again")]
    private static partial void LogPostponed(ILogger logger, string job, long removed, long milliseconds, string exceptionType);

    [LoggerMessage(LogLevel.Error, "Job {Job} removed {Removed} in {Milliseconds} ms and failed: unexpected {ExceptionType} at {StackTrace}; it will be tried again")]
    private static partial void LogFault(ILogger logger, string job, long removed, long milliseconds, string exceptionType, string? stackTrace);

    [LoggerMessage(LogLevel.Warning, "How job {Job} ended could not be stored ({ExceptionType})")]
    private static partial void LogNotStored(ILogger logger, string job, string exceptionType);
}
