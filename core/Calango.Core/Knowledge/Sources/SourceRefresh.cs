using System.Text.Json;
using Calango.Core.Data;
using Calango.Core.Jobs;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Calango.Core.Knowledge;

/// <summary>Says within this process that a source is to be looked at.</summary>
public sealed class SourceBell : Bell;

/// <summary>
/// Looks at sources when they are due, one after another in each process. Whoever is at one has claimed it, so that no other process
/// fetches the same; where a process ends, another begins with it anew. Each minute, as a routine, it looks for those that are due.
/// </summary>
internal sealed partial class SourceRefresh(Database database, SourceBell bell, WebSource web, FolderSource folders, TimeProvider clock, ILogger<SourceRefresh> logger) : BackgroundService
{
    private static readonly TimeSpan Claim = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Renewal = TimeSpan.FromSeconds(10);

    /// <summary>Looks at all that are due.</summary>
    internal async Task RefreshAllAsync(CancellationToken cancellationToken)
    {
        while (await ClaimAsync(cancellationToken) is { } claim)
        {
            await RefreshAsync(claim, cancellationToken);
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await RefreshAllAsync(stoppingToken);
            }
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                // The routine rings within the minute.
                LogPostponed(logger, failure.GetType().Name, failure is DatabaseUnavailableException or StorageFullException ? null : failure.StackTrace);
            }

            await bell.WaitAsync(stoppingToken);
        }
    }

    private async Task<SourceClaim?> ClaimAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var now = clock.GetUtcNow();
            if (await database.ReadAsync(db => Due(db, now).OrderBy(source => source.DueAt).FirstOrDefaultAsync(cancellationToken), cancellationToken) is not { } due)
            {
                return null;
            }

            // Whoever comes second finds that it is not due any more, and looks for another. What is asked for from now on is another time.
            var (claim, until) = (new SourceClaim(due, database), now + Claim);
            if (await database.WriteAsync(
                db => Due(db, now).Where(source => source.Id == due.Id).ExecuteUpdateAsync(
                    set => set.SetProperty(source => source.ClaimedBy, claim.Id).SetProperty(source => source.ClaimedUntil, until).SetProperty(source => source.Done, 0), cancellationToken),
                cancellationToken) == 1)
            {
                return claim;
            }
        }
    }

    private static IQueryable<Source> Due(CalangoDb db, DateTimeOffset now) => db.Set<Source>().Where(source => source.DueAt <= now && (source.ClaimedBy == null || source.ClaimedUntil <= now));

    private async Task RefreshAsync(SourceClaim claim, CancellationToken stopping)
    {
        using var lost = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var kept = KeepAsync(claim, lost);
        try
        {
            ISourceReader reader = claim.Source.Kind == SourceKind.Folder ? folders : web;
            await EndAsync(claim, await reader.ReadAsync(claim, lost.Token), failure: null);
        }
        catch (Exception failure) when (failure is ClaimLostException || (failure is OperationCanceledException && lost.IsCancellationRequested && !stopping.IsCancellationRequested))
        {
            // Whoever has removed it has said so by that.
        }
        catch (Exception failure) when (!stopping.IsCancellationRequested && failure is not DatabaseUnavailableException)
        {
            await EndAsync(claim, found: null, Said(failure, claim.Source));
        }
        finally
        {
            await lost.CancelAsync();
            await kept;
        }
    }

    private Task EndAsync(SourceClaim claim, int? found, SourceException? failure)
    {
        var (now, source) = (clock.GetUtcNow(), claim.Source);
        var arguments = failure is { Arguments.Count: > 0 } ? JsonSerializer.Serialize(failure.Arguments) : null;
        // Whoever has asked for another interval, or to look again, since this began keeps what they asked for.
        var (begun, daily, weekly, hourly) = (source.DueAt, now.AddDays(1), now.AddDays(7), now.AddHours(1));
        return claim.TrySetAsync(
            set => set.SetProperty(row => row.ClaimedBy, (Guid?)null)
                .SetProperty(row => row.RefreshedAt, now)
                .SetProperty(row => row.Failure, failure == null ? null : failure.Code)
                .SetProperty(row => row.FailureArguments, arguments)
                .SetProperty(row => row.Found, row => found ?? row.Found)
                .SetProperty(row => row.Done, 0)
                .SetProperty(row => row.DueAt, row => row.DueAt != begun ? row.DueAt
                    : row.Interval == RefreshInterval.Hourly ? hourly
                    : row.Interval == RefreshInterval.Daily ? daily
                    : row.Interval == RefreshInterval.Weekly ? weekly
                    : (DateTimeOffset?)null), CancellationToken.None);
    }

    // Renews the claim for as long as the work takes, and ends the work where it is lost.
    private async Task KeepAsync(SourceClaim claim, CancellationTokenSource lost)
    {
        using var timer = new PeriodicTimer(Renewal, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(lost.Token))
            {
                var until = clock.GetUtcNow() + Claim;
                if (!await claim.TrySetAsync(set => set.SetProperty(row => row.ClaimedUntil, until), CancellationToken.None))
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

    private SourceException Said(Exception failure, Source source)
    {
        switch (failure)
        {
            case SourceException known:
                return known;
            case StorageFullException:
                return new SourceException("diskFull");
            case Sdk.BlobException:
                return new SourceException("storage");
            default:
                LogUnexpected(logger, source.Id, failure.GetType().Name, failure.StackTrace);
                return new SourceException("unexpected");
        }
    }

    [LoggerMessage(LogLevel.Warning, "Sources could not be looked at ({ExceptionType} at {StackTrace}); it will be tried again")]
    private static partial void LogPostponed(ILogger logger, string exceptionType, string? stackTrace);

    [LoggerMessage(LogLevel.Error, "Source {SourceId} could not be looked at: unexpected {ExceptionType} at {StackTrace}")]
    private static partial void LogUnexpected(ILogger logger, Guid sourceId, string exceptionType, string? stackTrace);
}
