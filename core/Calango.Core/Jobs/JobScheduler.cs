using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Calango.Core.Jobs;

/// <summary>
/// Runs the jobs that are due while the server runs. It begins some seconds after the server, which then has other things
/// to do, and ends a job as soon as the server is asked to stop.
/// </summary>
internal sealed partial class JobScheduler(Schedule schedule, IHostApplicationLifetime lifetime, TimeProvider clock, ILogger<JobScheduler> logger) : BackgroundService
{
    private static readonly TimeSpan AfterStart = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan PauseAfterFault = TimeSpan.FromSeconds(30);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, lifetime.ApplicationStopping);
        try
        {
            await Task.Delay(AfterStart, clock, stopping.Token);
            var running = await StartScheduleAsync(stopping.Token);
            // The one task of which we only want to know that it has ended.
            await Task.WhenAny(Task.Delay(Timeout.InfiniteTimeSpan, stopping.Token));
            await running.DisposeAsync();
        }
        catch (Exception exception) when (stopping.IsCancellationRequested)
        {
            // What it left in the schedule is found by the next start, or by another replica.
            LogEnded(logger, exception.GetBaseException().GetType().Name);
        }
    }

    private async Task<RunningSchedule> StartScheduleAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return await schedule.StartAsync(cancellationToken);
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                LogCannotStart(logger, exception.GetBaseException().GetType().Name, exception.StackTrace);
                await Task.Delay(PauseAfterFault, clock, cancellationToken);
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "The schedule of the jobs cannot be read ({ExceptionType} at {StackTrace}); trying again")]
    private static partial void LogCannotStart(ILogger logger, string exceptionType, string? stackTrace);

    [LoggerMessage(LogLevel.Debug, "The schedule of the jobs ended with {ExceptionType}")]
    private static partial void LogEnded(ILogger logger, string exceptionType);
}
