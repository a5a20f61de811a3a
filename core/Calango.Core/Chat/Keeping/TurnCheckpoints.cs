using Calango.Core.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Calango.Core.Chat;

/// <summary>
/// Stores what running turns have written, at least each second or 256 tokens, and says that this process still runs
/// them. One unit of work for all of them: a thousand streams cost one commit a second.
/// </summary>
internal sealed partial class TurnCheckpoints(Database database, TurnsRunning running, TurnLease lease, TimeProvider clock, ILogger<TurnCheckpoints> logger) : BackgroundService
{
    private const int MaxUnsavedUpdates = 256;
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan MaxUnsaved = TimeSpan.FromMilliseconds(500);

    // Long enough not to flood the log, and short beside the lease: a process that is silent for longer loses its turns.
    private static readonly TimeSpan PauseAfterFault = TimeSpan.FromSeconds(2);

    private readonly Outage _outage = new(clock);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Look, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                running.ForgetOld();
                await lease.RenewAsync(stoppingToken);
                await StoreDueAsync(stoppingToken);
                if (_outage.Ends() is { } lasted)
                {
                    LogStoresAgain(logger, lasted.TotalSeconds);
                }
            }
            catch (Exception exception) when (exception is StorageFullException or DatabaseUnavailableException)
            {
                if (_outage.Goes())
                {
                    LogPostponed(logger, DatabaseFailure.ReasonOf(exception));
                }
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                // It must not end the server, which an exception out of here does: the answers are in memory, and their ends are stored all the same.
                LogFault(logger, exception.GetType().Name, exception.StackTrace);
                await Task.Delay(PauseAfterFault, clock, stoppingToken);
            }
        }
    }

    private async Task StoreDueAsync(CancellationToken cancellationToken)
    {
        var due = new List<(TurnRun Run, TurnLogSlice Written, TurnCheckpoint Checkpoint)>();
        foreach (var run in running.All)
        {
            if (IsDue(run))
            {
                var written = run.Log.Read(0);
                due.Add((run, written, new TurnCheckpoint(written.Sequence, run.Updates, clock.GetTimestamp(), run.Prompt is not null)));
            }
        }

        if (due.Count == 0)
        {
            return;
        }

        await database.WriteAsync(async db =>
        {
            await TurnAnswer.StoreAsync(db, due.Select(entry => AnswerOf(entry.Run, entry.Written)), cancellationToken);
            foreach (var (run, _, _) in due.Where(entry => entry.Checkpoint.Started && !entry.Run.Saved.Started))
            {
                await StoreStartAsync(db, run, cancellationToken);
            }
        }, cancellationToken);
        due.ForEach(entry => entry.Run.Saved = entry.Checkpoint);
    }

    private bool IsDue(TurnRun run)
    {
        var saved = run.Saved;
        return run.Log.Sequence != saved.Sequence
            && (run.Updates - saved.Updates >= MaxUnsavedUpdates || clock.GetElapsedTime(saved.At) >= MaxUnsaved);
    }

    private static TurnAnswer AnswerOf(TurnRun run, TurnLogSlice written) =>
        new(run.Turn.Id, written.Text, written.Reasoning.Length > 0 ? written.Reasoning : null);

    private static async Task StoreStartAsync(CalangoDb db, TurnRun run, CancellationToken cancellationToken)
    {
        var id = run.Turn.Id;
        var started = await db.Set<Turn>().Where(turn => turn.Id == id && turn.State == TurnState.Queued).ExecuteUpdateAsync(set => set
            .SetProperty(turn => turn.State, TurnState.Running)
            .SetProperty(turn => turn.StartedAt, run.Turn.StartedAt)
            .SetProperty(turn => turn.OmittedMessages, run.Turn.OmittedMessages)
            .SetProperty(turn => turn.FirstIncludedId, run.Turn.FirstIncludedId), cancellationToken);
        if (started > 0)
        {
            await run.Prompt!.ToTrace(id, run.Attempts, run.Tools).SaveAsync(db, cancellationToken);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Running turns cannot be stored now ({Reason}); they go on in memory")]
    private static partial void LogPostponed(ILogger logger, string reason);

    [LoggerMessage(LogLevel.Warning, "Running turns are stored again, after {Seconds:0} s")]
    private static partial void LogStoresAgain(ILogger logger, double seconds);

    [LoggerMessage(LogLevel.Error, "Running turns could not be stored: unexpected {ExceptionType} at {StackTrace}; trying again")]
    private static partial void LogFault(ILogger logger, string exceptionType, string? stackTrace);
}
