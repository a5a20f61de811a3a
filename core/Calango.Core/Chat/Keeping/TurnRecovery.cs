using Calango.Core.Data;
using Calango.Core.Models;
using Calango.Core.Search;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Calango.Core.Chat;

/// <summary>
/// Finds turns whose process is gone, and calls them interrupted with what was last stored of them. On SQLite there is
/// one process, so at start every unfinished turn is such a one; on PostgreSQL those whose lease has run out.
/// </summary>
internal sealed partial class TurnRecovery(
    Database database, DatabaseOptions options, MessageIndex index, TurnLease lease, TimeProvider clock, ILogger<TurnRecovery> logger) : BackgroundService
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(5);

    /// <inheritdoc/>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await RecoverAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.IsSqlite)
        {
            return;
        }

        using var timer = new PeriodicTimer(Look, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await RecoverAsync(stoppingToken);
            }
            catch (DatabaseUnavailableException)
            {
                LogPostponed(logger);
            }
        }
    }

    private async Task RecoverAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var lost = await database.WriteAsync(async db =>
        {
            var turns = await db.Set<Turn>().AsTracking()
                .Where(turn => turn.State < TurnState.Complete && turn.NodeId != lease.NodeId && (options.IsSqlite || turn.LeaseUntil < now))
                .ToListAsync(cancellationToken);
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
            return turns.Count;
        }, cancellationToken);
        if (lost > 0)
        {
            LogRecovered(logger, lost);
        }
    }

    [LoggerMessage(LogLevel.Warning, "{Count} turns were left unfinished by a process that is gone; they are interrupted now")]
    private static partial void LogRecovered(ILogger logger, int count);

    [LoggerMessage(LogLevel.Warning, "Unfinished turns could not be looked for: the database is unavailable")]
    private static partial void LogPostponed(ILogger logger);
}
