using Calango.Core.Data;
using Calango.Core.Errors;
using Calango.Sdk;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Calango.Core.Exchange;

/// <summary>
/// Looks at files of chats and takes them in, one after another in each process, and of each person one at a time. Whoever is at one has
/// claimed it; where a process ends, another goes on after the last chat that was whole. Each minute, as a routine, it looks for what nobody has told it of.
/// </summary>
internal sealed partial class ImportWorker(Database database, ImportBell bell, ImportWork work, ChatImports imports, TimeProvider clock, ILogger<ImportWorker> logger) : BackgroundService
{
    private static readonly TimeSpan Claim = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Renewal = TimeSpan.FromSeconds(5);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                while (await ClaimAsync(stoppingToken) is { } claim)
                {
                    await DoAsync(claim, stoppingToken);
                }
            }
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                // The routine rings within the minute.
                LogPostponed(logger, failure.GetType().Name, failure is DatabaseUnavailableException or StorageFullException ? null : failure.StackTrace);
            }

            await bell.WaitAsync(stoppingToken);
        }
    }

    private async Task<ImportClaim?> ClaimAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var now = clock.GetUtcNow();
            if (await database.ReadAsync(db => Due(db, now).OrderBy(import => import.State).ThenBy(import => import.Id).FirstOrDefaultAsync(cancellationToken), cancellationToken) is not { } due)
            {
                return null;
            }

            // Whoever comes second finds that it is not due any more, and looks for another.
            var (claim, until) = (new ImportClaim(due, database), now + Claim);
            if (await database.WriteAsync(
                db => Due(db, now).Where(import => import.Id == due.Id && import.State == due.State)
                    .ExecuteUpdateAsync(set => set.SetProperty(import => import.ClaimedBy, claim.Id).SetProperty(import => import.ClaimedUntil, until), cancellationToken),
                cancellationToken) == 1)
            {
                return claim;
            }
        }
    }

    private static IQueryable<ChatImport> Due(CalangoDb db, DateTimeOffset now) => db.Set<ChatImport>().Where(
        import => import.State < ImportState.Ready && (import.ClaimedBy == null || import.ClaimedUntil <= now)
            && !db.Set<ChatImport>().Any(other => other.AccountId == import.AccountId && other.Id != import.Id && other.ClaimedBy != null && other.ClaimedUntil > now));

    private async Task DoAsync(ImportClaim claim, CancellationToken stopping)
    {
        using var lost = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var kept = KeepAsync(claim, lost);
        try
        {
            await work.DoAsync(claim, lost.Token);
        }
        catch (Exception failure) when (failure is ImportLostException || (failure is OperationCanceledException && lost.IsCancellationRequested && !stopping.IsCancellationRequested))
        {
            // Whoever has ended it has said so in its row.
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Who comes next need not wait until the claim is over.
            await claim.SetAsync(set => set.SetProperty(row => row.ClaimedBy, (Guid?)null), CancellationToken.None);
        }
        catch (Exception failure) when (!stopping.IsCancellationRequested && failure is not DatabaseUnavailableException)
        {
            await FailAsync(claim, CodeOf(failure, claim));
        }
        finally
        {
            await lost.CancelAsync();
            await kept;
        }
    }

    private string CodeOf(Exception failure, ImportClaim claim)
    {
        switch (failure)
        {
            case RejectedException rejected:
                return rejected.Code;
            case ImportLimitException tooLarge:
                return $"exchange.{tooLarge.Code}";
            case InvalidDataException:
                return "exchange.damaged";
            case BlobException:
                return "exchange.storage";
            case StorageFullException:
                return "exchange.diskFull";
            default:
                LogUnexpected(logger, claim.Import.Id, failure.GetType().Name, failure.StackTrace);
                return "exchange.unexpected";
        }
    }

    private async Task FailAsync(ImportClaim claim, string code)
    {
        var now = clock.GetUtcNow();
        try
        {
            await claim.SetAsync(
                set => set.SetProperty(row => row.State, ImportState.Failed).SetProperty(row => row.Failure, code).SetProperty(row => row.EndedAt, now).SetProperty(row => row.ClaimedBy, (Guid?)null),
                CancellationToken.None);
            await imports.DeleteFileAsync(claim.Import.Id);
        }
        catch (ImportLostException)
        {
            // Ended meanwhile.
        }
    }

    // Renews the claim for as long as the work takes, and ends the work where it is lost.
    private async Task KeepAsync(ImportClaim claim, CancellationTokenSource lost)
    {
        using var timer = new PeriodicTimer(Renewal, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(lost.Token))
            {
                var until = clock.GetUtcNow() + Claim;
                await claim.SetAsync(set => set.SetProperty(row => row.ClaimedUntil, until), CancellationToken.None);
            }
        }
        catch (OperationCanceledException)
        {
            // The work has ended.
        }
        catch (ImportLostException)
        {
            await lost.CancelAsync();
        }
        catch (Exception failure) when (failure is DatabaseUnavailableException or StorageFullException)
        {
            // The work will notice as well.
        }
    }

    [LoggerMessage(LogLevel.Warning, "Files of chats could not be taken in ({ExceptionType} at {StackTrace}); it will be tried again")]
    private static partial void LogPostponed(ILogger logger, string exceptionType, string? stackTrace);

    [LoggerMessage(LogLevel.Error, "Import {ImportId} failed: unexpected {ExceptionType} at {StackTrace}")]
    private static partial void LogUnexpected(ILogger logger, Guid importId, string exceptionType, string? stackTrace);
}
