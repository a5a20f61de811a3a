using Calango.Core.Data;
using Calango.Core.Models;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Calango.Core.Knowledge;

/// <summary>
/// Takes documents in, makes them anew and removes them, one after another in each process, what somebody waits for first. Whoever is
/// at one has claimed it; where a process ends, another goes on from what it had stored. Each minute, as a routine, it looks for
/// what nobody has told it of.
/// </summary>
internal sealed partial class Ingestion(Database database, IntakeBell bell, DocumentWork work, TimeProvider clock, ILogger<Ingestion> logger) : BackgroundService
{
    // Long enough for a server that is busy, short enough for whoever waits after one was killed.
    private static readonly TimeSpan Claim = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Renewal = TimeSpan.FromSeconds(5);

    /// <summary>Takes in all that waits.</summary>
    internal async Task TakeInAllAsync(CancellationToken cancellationToken)
    {
        while (await ClaimAsync(cancellationToken) is var (document, claim))
        {
            await TakeInAsync(document, claim, cancellationToken);
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await TakeInAllAsync(stoppingToken);
            }
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                // The routine rings within the minute.
                LogPostponed(logger, failure.GetType().Name, failure is DatabaseUnavailableException or StorageFullException ? null : failure.StackTrace);
            }

            await bell.WaitAsync(stoppingToken);
        }
    }

    private async Task<(Document Document, IntakeClaim Claim)?> ClaimAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var now = clock.GetUtcNow();
            var due = await database.ReadAsync(
                db => Due(db, now).OrderBy(document => document.Priority).ThenBy(document => document.State == DocumentState.Removing).ThenBy(document => document.AddedAt).FirstOrDefaultAsync(cancellationToken), cancellationToken);
            if (due is null)
            {
                return null;
            }

            // Whoever comes second finds that it is not due any more, and looks for another.
            var (claim, until) = (new IntakeClaim(due), now + Claim);
            if (await database.WriteAsync(
                db => Due(db, now).Where(document => document.Id == due.Id && document.State == due.State && document.BlobKey == due.BlobKey)
                    .ExecuteUpdateAsync(set => set.SetProperty(document => document.ClaimedBy, claim.Id).SetProperty(document => document.ClaimedUntil, until), cancellationToken), cancellationToken) == 1)
            {
                return (due, claim);
            }
        }
    }

    private static IQueryable<Document> Due(CalangoDb db, DateTimeOffset now) =>
        db.Set<Document>().Where(document => document.State < DocumentState.Ready && (document.ClaimedBy == null || document.ClaimedUntil <= now));

    private async Task TakeInAsync(Document document, IntakeClaim claim, CancellationToken stopping)
    {
        using var lost = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var kept = KeepAsync(claim, lost);
        try
        {
            await work.DoAsync(document, claim, lost.Token);
        }
        catch (Exception failure) when (failure is ClaimLostException || (failure is OperationCanceledException && lost.IsCancellationRequested && !stopping.IsCancellationRequested))
        {
            // Whoever wanted it otherwise has said so in its row.
        }
        catch (Exception failure) when (!stopping.IsCancellationRequested && failure is not (DatabaseUnavailableException or StorageFullException))
        {
            await work.FailAsync(claim, CodeOf(failure, document), (failure as ExtractionException)?.Arguments);
        }
        catch (StorageFullException)
        {
            await work.FailAsync(claim, "diskFull", null);
        }
        finally
        {
            await lost.CancelAsync();
            await kept;
        }
    }

    // Renews the claim for as long as the work takes, and ends the work where it is lost.
    private async Task KeepAsync(IntakeClaim claim, CancellationTokenSource lost)
    {
        using var timer = new PeriodicTimer(Renewal, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(lost.Token))
            {
                if (!await work.RenewAsync(claim, clock.GetUtcNow() + Claim))
                {
                    await lost.CancelAsync();
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The work has ended.
        }
        catch (Exception failure) when (failure is DatabaseUnavailableException or StorageFullException)
        {
            // The work will notice as well.
        }
    }

    private string CodeOf(Exception failure, Document document)
    {
        switch (failure)
        {
            case ExtractionException unreadable:
                return unreadable.Code;
            case ModelFailedException:
                return "embedder";
            case Sdk.BlobException:
                return "storage";
            default:
                LogUnexpected(logger, document.Id, failure.GetType().Name, failure.StackTrace);
                return "unexpected";
        }
    }

    [LoggerMessage(LogLevel.Warning, "Documents could not be taken in ({ExceptionType} at {StackTrace}); it will be tried again")]
    private static partial void LogPostponed(ILogger logger, string exceptionType, string? stackTrace);

    [LoggerMessage(LogLevel.Error, "Document {DocumentId} could not be taken in: unexpected {ExceptionType} at {StackTrace}")]
    private static partial void LogUnexpected(ILogger logger, Guid documentId, string exceptionType, string? stackTrace);
}
