using Calango.Core.Data;
using Calango.Sdk;
using Microsoft.EntityFrameworkCore;

namespace Calango.Core.Knowledge;

/// <summary>
/// Asks the index in force. It may be away, slow, or behind: whoever asks it is told within a moment, and the words still count.
/// Thread-safe.
/// </summary>
internal sealed class VectorSearch(IndexPlaces places, MemoryFeed memory, Database database, IndexBell bell, TimeProvider clock)
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(10);

    private long _awaySince;

    /// <summary>The passages of a collection that are nearest to a question.</summary>
    /// <param name="collection">As it was read just now.</param>
    /// <param name="dimensions">How long its vectors are.</param>
    /// <param name="query">What is looked for.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Null: the index has nothing of the collection.</returns>
    /// <exception cref="IndexAwayException">It cannot be asked now.</exception>
    public async Task<IReadOnlyList<NearPassage>?> FindAsync(Collection collection, int dimensions, IndexQuery query, CancellationToken cancellationToken)
    {
        if (collection.Fingerprint is not { } fingerprint)
        {
            return null;
        }

        var (place, space) = (await places.InForceAsync(cancellationToken), VectorSource.SpaceOf(collection.OwnerId, collection.Id, fingerprint, dimensions));
        if (place.Kind == IndexKind.Memory)
        {
            await memory.FeedAsync(collection, space, cancellationToken);
            return await places.UseAsync(place, (index, settings) => index.SearchAsync(space, query, settings, cancellationToken));
        }

        // One that does not answer would hold up every question.
        if (Volatile.Read(ref _awaySince) is not 0 and var since && clock.GetElapsedTime(since) < Rest)
        {
            throw new IndexAwayException();
        }

        var near = await AskAsync(place, space, query, cancellationToken);
        if (near is null)
        {
            await ForgetAsync(place.Id, collection.Id, cancellationToken);
        }

        return near;
    }

    private async Task<IReadOnlyList<NearPassage>?> AskAsync(IndexPlace place, IndexSpace space, IndexQuery query, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(Longest, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            var near = await places.UseAsync(place, (index, settings) => index.SearchAsync(space, query, settings, either.Token)).WaitAsync(either.Token);
            Volatile.Write(ref _awaySince, 0);
            return near;
        }
        catch (Exception failure) when (failure is ProviderException || (failure is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            Volatile.Write(ref _awaySince, clock.GetTimestamp());
            throw new IndexAwayException();
        }
    }

    // It has lost what it was given, or was never given anything: it gets all of the collection.
    private async Task ForgetAsync(Guid placeId, Guid collectionId, CancellationToken cancellationToken)
    {
        var forgotten = await database.WriteAsync(
            db => db.Set<IndexedEdition>().Where(edition => edition.PlaceId == placeId && edition.CollectionId == collectionId && edition.IsWhole)
                .ExecuteUpdateAsync(set => set.SetProperty(edition => edition.IsWhole, false), cancellationToken), cancellationToken);
        if (forgotten > 0)
        {
            bell.Ring();
        }
    }
}

/// <summary>The index of vectors cannot be asked now.</summary>
internal sealed class IndexAwayException() : Exception("The index of vectors cannot be asked now.");
