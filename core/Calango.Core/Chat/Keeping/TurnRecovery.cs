using Calango.Core.Data;
using Calango.Core.Models;
using Calango.Core.Quotas;
using Calango.Core.Search;
using Calango.Core.Webhooks;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Calango.Core.Chat;

/// <summary>
/// Finds turns that nobody runs any more, and calls them interrupted with what was last stored of them: those whose
/// lease has run out, because their process is gone or could not store their end. On SQLite there is one process, so at
/// start every unfinished turn is such a one.
/// </summary>
internal sealed partial class TurnRecovery(
    Database database, DatabaseOptions options, MessageIndex index, QuotaBook quotas, WebhookOutbox webhooks, TurnsRunning running, TurnTelemetry telemetry, TimeProvider clock, ILogger<TurnRecovery> logger) : BackgroundService
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(5);
    private readonly Outage _outage = new(clock);
    private bool _atStart = true;

    /// <inheritdoc/>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await TryAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Look, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            await TryAsync(stoppingToken);
        }
    }

    // A database that goes away in the middle of the start, or a full disk, must not end the server: what is there can be read.
    private async Task TryAsync(CancellationToken cancellationToken)
    {
        try
        {
            await RecoverAsync(all: _atStart && options.IsSqlite, cancellationToken);
            _atStart = false;
            _outage.Ends();
        }
        catch (Exception exception) when (exception is DatabaseUnavailableException or StorageFullException)
        {
            if (_outage.Goes())
            {
                LogPostponed(logger, DatabaseFailure.ReasonOf(exception));
            }
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            LogFault(logger, exception.GetType().Name, exception.StackTrace);
        }
    }

    private async Task RecoverAsync(bool all, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        if (!await database.ReadAsync(db => LostAt(db, now, all).AnyAsync(cancellationToken), cancellationToken))
        {
            return;
        }

        var lost = await database.WriteAsync(async db =>
        {
            var turns = await TakeLostAt(db, now, all).AsTracking().ToListAsync(cancellationToken);
            foreach (var turn in turns)
            {
                var answer = await db.Set<Message>().SingleAsync(message => message.Id == turn.Id, cancellationToken);
                turn.End(new TurnEnd(TurnState.Interrupted, new Failure("server.lost"))
                {
                    OutputTokens = TokenEstimate.Of(answer.Text) + TokenEstimate.Of(answer.Reasoning),
                    TokensEstimated = true,
                }, now);
                await index.AddAsync(db, new IndexedText(turn.Id, turn.ConversationId, turn.AccountId, answer.Text), cancellationToken);
            }

            await db.SaveChangesAsync(cancellationToken);
            await ToolUses.InterruptAsync(db, turns.ConvertAll(turn => turn.Id), now, cancellationToken);
            foreach (var turn in turns)
            {
                await quotas.SettleAsync(db, turn.Id, turn.Model, reservation => turn.StartedAt is null ? QuotaAmount.None : reservation.Seen(turn.OutputTokens ?? 0), cancellationToken);
                await webhooks.PutAsync(db, turn.AccountId, FinishedTurn.Happening, () => FinishedTurn.Of(turn), cancellationToken);
            }

            return turns;
        }, cancellationToken);
        lost.ForEach(telemetry.Lost);
        webhooks.Call();
    }

    // Another replica may look at the same moment: each takes the rows that the other has not, and neither waits. SQLite has one process.
    private IQueryable<Turn> TakeLostAt(CalangoDb db, DateTimeOffset now, bool all)
    {
        if (db.IsSqlite)
        {
            return LostAt(db, now, all);
        }

        var ours = OwnIds();
        return db.Set<Turn>().FromSql(
            $"""
            SELECT * FROM turns WHERE "State" < {(int)TurnState.Complete} AND "LeaseUntil" < {now} AND NOT "Id" = ANY ({ours}) FOR UPDATE SKIP LOCKED
            """);
    }

    // Ours may have a stale lease too, where the database was away for longer than it lasts.
    private IQueryable<Turn> LostAt(CalangoDb db, DateTimeOffset now, bool all)
    {
        var ours = OwnIds();
        return db.Set<Turn>().Where(turn => turn.State < TurnState.Complete && (all || turn.LeaseUntil < now) && !ours.Contains(turn.Id));
    }

    private Guid[] OwnIds() => [.. running.All.Select(run => run.Turn.Id)];

    [LoggerMessage(LogLevel.Warning, "Turns that a process left unfinished cannot be looked for now ({Reason})")]
    private static partial void LogPostponed(ILogger logger, string reason);

    [LoggerMessage(LogLevel.Error, "Unfinished turns could not be looked for: unexpected {ExceptionType} at {StackTrace}; trying again")]
    private static partial void LogFault(ILogger logger, string exceptionType, string? stackTrace);
}
