using Calango.Core.Data;
using Calango.Sdk;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Calango.Core.Knowledge;

/// <summary>
/// Brings the indexes outside of the processes up to date, an edition at a time: what nobody can find any more goes, what is missing
/// comes. One that was chosen anew takes the place of the one before once nothing is missing. Two processes may do the same at once:
/// what is put or taken away twice is put or taken away once. Where one fails, the next ring or the next minute is another chance.
/// </summary>
internal sealed partial class IndexKeeper(IndexPlaces places, IndexedEditions editions, VectorSource source, Database database, IndexBell bell, TimeProvider clock, ILogger<IndexKeeper> logger) : BackgroundService
{
    private const int MostFailures = 3;

    private static readonly TimeSpan LongestCall = TimeSpan.FromMinutes(1);

    /// <summary>Brings all up to date.</summary>
    internal async Task KeepAsync(CancellationToken cancellationToken)
    {
        foreach (var place in await places.ReadAsync(cancellationToken))
        {
            if (place.Role == IndexRole.Going)
            {
                await EmptyAsync(place, cancellationToken);
            }
            else if (place.Kind != IndexKind.Memory)
            {
                await TellAsync(place, await TryAsync(() => FillAsync(place, cancellationToken), cancellationToken), cancellationToken);
            }
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await KeepAsync(stoppingToken);
            }
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                LogPostponed(logger, failure.GetType().Name, failure is DatabaseUnavailableException or StorageFullException ? null : failure.StackTrace);
            }

            await bell.WaitAsync(stoppingToken);
        }
    }

    private async Task FillAsync(IndexPlace place, CancellationToken cancellationToken)
    {
        while (await editions.StaleAsync(place.Id, cancellationToken) is { Count: > 0 } stale)
        {
            await RemoveAsync(place, stale, cancellationToken);
        }

        var failures = new Dictionary<Guid, ProviderException>();
        while (await editions.MissingAsync(place.Id, failures.Keys, cancellationToken) is { Count: > 0 } missing)
        {
            foreach (var edition in missing)
            {
                await TryAddAsync(place, edition, failures, cancellationToken);
            }
        }

        if (failures.Values.FirstOrDefault() is { } failure)
        {
            throw failure;
        }

        if (place.Role == IndexRole.Coming)
        {
            await TurnAsync(place, cancellationToken);
        }
    }

    // One that the index refuses holds up no other; where some fail one after another, it is not them.
    private async Task TryAddAsync(IndexPlace place, MissingEdition edition, Dictionary<Guid, ProviderException> failures, CancellationToken cancellationToken)
    {
        try
        {
            await AddAsync(place, edition, cancellationToken);
        }
        catch (ProviderException failure) when (failures.Count < MostFailures)
        {
            failures[edition.Edition] = failure;
        }
    }

    private async Task AddAsync(IndexPlace place, MissingEdition missing, CancellationToken cancellationToken)
    {
        var space = VectorSource.SpaceOf(missing.OwnerId, missing.CollectionId, missing.Fingerprint, await source.DimensionsAsync(missing.Edition, cancellationToken));
        await editions.BeginAsync(place.Id, missing.Edition, space, cancellationToken);
        if (space.Dimensions > 0)
        {
            await CallAsync(place, (index, settings, token) => index.EnsureAsync(space, settings, token), cancellationToken);
            for (var after = 0L; await source.NextAsync(missing.Edition, after, place.Kind == IndexKind.Plugin, cancellationToken) is { Count: > 0 } vectors; after = vectors[^1].Number)
            {
                await CallAsync(place, (index, settings, token) => index.UpsertAsync(space, vectors, settings, token), cancellationToken);
            }
        }

        await editions.EndAsync(place.Id, missing.Edition, cancellationToken);
    }

    private async Task RemoveAsync(IndexPlace place, List<IndexedEdition> some, CancellationToken cancellationToken)
    {
        foreach (var space in some.Where(edition => edition.Dimensions > 0).GroupBy(edition => edition.Space))
        {
            await CallAsync(place, (index, settings, token) => index.DeleteAsync(space.Key, [.. space.Select(edition => edition.Edition)], settings, token), cancellationToken);
        }

        await editions.RemoveAsync(place.Id, some.ConvertAll(edition => edition.Edition), cancellationToken);
    }

    // Once only: a service that somebody has given up may never come back.
    private async Task EmptyAsync(IndexPlace place, CancellationToken cancellationToken)
    {
        var failure = await TryAsync(
            async () =>
            {
                while (await editions.SomeAsync(place.Id, cancellationToken) is { Count: > 0 } some)
                {
                    await RemoveAsync(place, some, cancellationToken);
                }
            },
            cancellationToken);
        if (failure is not null)
        {
            LogLeft(logger, place.Kind, failure);
        }

        await database.WriteAsync(db => db.Set<IndexPlace>().Where(row => row.Id == place.Id && row.Role == IndexRole.Going).ExecuteDeleteAsync(cancellationToken), cancellationToken);
        places.Drop();
    }

    private async Task TurnAsync(IndexPlace place, CancellationToken cancellationToken)
    {
        await database.WriteAsync(
            async db =>
            {
                if (await db.Set<IndexPlace>().Where(row => row.Id == place.Id && row.Role == IndexRole.Coming).ExecuteUpdateAsync(set => set.SetProperty(row => row.Role, IndexRole.InForce), cancellationToken) == 1)
                {
                    await db.Set<IndexPlace>().Where(row => row.Id != place.Id && row.Role == IndexRole.InForce).ExecuteUpdateAsync(set => set.SetProperty(row => row.Role, IndexRole.Going), cancellationToken);
                }
            },
            cancellationToken);
        places.Drop();
        bell.Ring();
        LogTurned(logger, place.Kind);
    }

    private async Task<string?> TryAsync(Func<Task> work, CancellationToken cancellationToken)
    {
        try
        {
            await work();
            return null;
        }
        catch (ProviderException failure)
        {
            return IndexFailures.CodeOf(failure);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return IndexFailures.CodeOf(new ProviderException(ProviderErrorKind.TimedOut));
        }
    }

    private async Task TellAsync(IndexPlace place, string? failure, CancellationToken cancellationToken)
    {
        if (failure == place.Failure)
        {
            return;
        }

        if (failure is not null)
        {
            LogFailed(logger, place.Kind, failure);
        }

        await database.WriteAsync(db => db.Set<IndexPlace>().Where(row => row.Id == place.Id).ExecuteUpdateAsync(set => set.SetProperty(row => row.Failure, failure), cancellationToken), cancellationToken);
        places.Drop();
    }

    private async Task CallAsync(IndexPlace place, Func<IPassageIndex, SettingsValues, CancellationToken, Task> call, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(LongestCall, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        await places.UseAsync(place, async (index, settings) =>
        {
            await call(index, settings, either.Token);
            return true;
        });
    }

    [LoggerMessage(LogLevel.Warning, "The indexes could not be brought up to date ({ExceptionType} at {StackTrace}); it will be tried again")]
    private static partial void LogPostponed(ILogger logger, string exceptionType, string? stackTrace);

    [LoggerMessage(LogLevel.Warning, "The index of vectors ({Kind}) could not be brought up to date: {Failure}; it will be tried again")]
    private static partial void LogFailed(ILogger logger, IndexKind kind, string failure);

    [LoggerMessage(LogLevel.Warning, "The index of vectors from before ({Kind}) could not be emptied: {Failure}; what is there is left there")]
    private static partial void LogLeft(ILogger logger, IndexKind kind, string failure);

    [LoggerMessage(LogLevel.Information, "Another index of vectors ({Kind}) answers from now on")]
    private static partial void LogTurned(ILogger logger, IndexKind kind);
}
