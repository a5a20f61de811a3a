using Calango.Core.Data;
using Calango.Core.Quotas;
using Calango.Core.Search;
using Calango.Core.Webhooks;
using Microsoft.Extensions.Logging;

namespace Calango.Core.Chat;

/// <summary>Stores how turns end: the answer, what it took, its trace, and its words for the search.</summary>
internal sealed partial class TurnEndings(Database database, MessageIndex index, QuotaBook quotas, WebhookOutbox webhooks, TimeProvider clock, ILogger<TurnEndings> logger)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Stores it, and tries again for as long as the storage is full or away: the answer is in memory meanwhile, and its
    /// page says so. No new turns begin then, so what waits here has an end. If the server ends before, the next start finds
    /// the turn unfinished, with its last checkpoint, and calls it interrupted.
    /// </summary>
    public async Task StoreAsync(TurnRun run, TurnEnd end)
    {
        run.Turn.End(end, clock.GetUtcNow());
        foreach (var open in run.Log.Uses.Where(use => use.IsOpen))
        {
            var use = open.Copy();
            use.End(ToolUseState.Interrupted, "", clock.GetUtcNow());
            run.Log.Put(use);
        }

        for (var tried = 1; ; tried++)
        {
            try
            {
                if (await database.WriteAsync(db => StoreAsync(db, run), CancellationToken.None))
                {
                    webhooks.Call();
                }

                return;
            }
            catch (Exception exception) when (exception is StorageFullException or DatabaseUnavailableException)
            {
                if (tried == 1)
                {
                    LogRetry(logger, run.Turn.Id, DatabaseFailure.ReasonOf(exception));
                    run.Log.Report(new TurnProgress(TurnPhase.Storing));
                }

                await Task.Delay(Pause, clock);
            }
            catch (Exception exception)
            {
                LogLost(logger, run.Turn.Id, exception.GetType().Name, exception.StackTrace);
                return;
            }
        }
    }

    // Whether somebody's webhook is to be told.
    private async Task<bool> StoreAsync(CalangoDb db, TurnRun run)
    {
        var written = run.Log.Read(0);
        var text = MessageText.Clean(written.Text);
        var reasoning = written.Reasoning.Length > 0 ? MessageText.Clean(written.Reasoning) : null;
        if (!await new TurnAnswer(run.Turn.Id, text, reasoning).StoreAsync(db, CancellationToken.None))
        {
            await SettleAsync(db, run);
            return false; // its branch was deleted, or another process found us silent and called it interrupted
        }

        db.Set<Turn>().Update(run.Turn);
        await db.SaveChangesAsync();
        await ToolUses.StoreAsync(db, run.Turn.Id, UsesIn(run.Log.Uses, written.Text), CancellationToken.None);
        if (run.Prompt?.ToTrace(run.Turn.Id, run.Attempts, run.Tools) is { } trace)
        {
            await trace.SaveAsync(db, CancellationToken.None);
        }

        await index.AddAsync(db, new IndexedText(run.Turn.Id, run.Turn.ConversationId, run.Turn.AccountId, text), CancellationToken.None);
        await SettleAsync(db, run);
        return await webhooks.PutAsync(db, run.Turn.AccountId, FinishedTurn.Happening, () => FinishedTurn.Of(run.Turn), CancellationToken.None);
    }

    private Task SettleAsync(CalangoDb db, TurnRun run) => quotas.SettleAsync(db, run.Turn.Id, run.Turn.Model, ExpectedUse.Took(run.Turn), CancellationToken.None);

    // Cleaning the text may have moved their places in it.
    private static List<ToolUse> UsesIn(IReadOnlyList<ToolUse> uses, string written) => [.. uses.Select(logged =>
    {
        var use = logged.Copy();
        use.Offset = MessageText.Clean(written[..Math.Min(use.Offset, written.Length)]).Length;
        return use;
    })];

    [LoggerMessage(LogLevel.Warning, "The end of turn {TurnId} could not be stored yet ({Reason}); trying again")]
    private static partial void LogRetry(ILogger logger, Guid turnId, string reason);

    [LoggerMessage(LogLevel.Error, "The end of turn {TurnId} could not be stored: {ExceptionType} at {StackTrace}")]
    private static partial void LogLost(ILogger logger, Guid turnId, string exceptionType, string? stackTrace);
}
