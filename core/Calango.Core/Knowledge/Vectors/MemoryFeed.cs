using System.Collections.Concurrent;
using Calango.Sdk;

namespace Calango.Core.Knowledge;

/// <summary>
/// Brings the index of this process up to date: when a collection is asked that has changed since, what changed is read from the
/// database, an edition at a time. Thread-safe.
/// </summary>
internal sealed class MemoryFeed(MemoryIndex index, VectorSource source)
{
    private static readonly SettingsValues NoSettings = new(new Dictionary<string, string>());

    private readonly ConcurrentDictionary<Guid, Fed> _collections = new();

    /// <summary>Returns once the index has a collection as it is.</summary>
    /// <param name="collection">As it was read just now.</param>
    /// <param name="space">Its space.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task FeedAsync(Collection collection, IndexSpace space, CancellationToken cancellationToken)
    {
        var fed = _collections.GetOrAdd(collection.Id, _ => new Fed());
        if (fed.Last is { } known && known.Version >= collection.Version && known.Space == space)
        {
            return;
        }

        await fed.Reading.WaitAsync(cancellationToken);
        try
        {
            if (fed.Last is not { } last || last.Version < collection.Version || last.Space != space)
            {
                fed.Last = await ReadAsync(fed.Last, collection, space, cancellationToken);
            }
        }
        catch
        {
            // What is half there would be nobody's.
            fed.Last = null;
            index.Drop(space);
            throw;
        }
        finally
        {
            fed.Reading.Release();
        }
    }

    private async Task<FedSpace> ReadAsync(FedSpace? last, Collection collection, IndexSpace space, CancellationToken cancellationToken)
    {
        if (last is not null && last.Space != space)
        {
            index.Drop(last.Space);
            last = null;
        }

        var editions = await source.EditionsAsync(collection.Id, space.Fingerprint, cancellationToken);
        await index.EnsureAsync(space, NoSettings, cancellationToken);
        foreach (var edition in last is null ? editions : editions.Except(last.Editions))
        {
            for (var after = 0L; await source.NextAsync(edition, after, withWords: false, cancellationToken) is { Count: > 0 } vectors; after = vectors[^1].Number)
            {
                await index.UpsertAsync(space, vectors, NoSettings, cancellationToken);
            }
        }

        if (last?.Editions.Except(editions).ToList() is { Count: > 0 } gone)
        {
            await index.DeleteAsync(space, gone, NoSettings, cancellationToken);
        }

        return new FedSpace(collection.Version, space, editions);
    }

    private sealed class Fed
    {
        public SemaphoreSlim Reading { get; } = new(1);

        public volatile FedSpace? Last;
    }

    private sealed record FedSpace(long Version, IndexSpace Space, IReadOnlyList<Guid> Editions);
}
