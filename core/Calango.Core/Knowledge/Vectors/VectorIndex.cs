using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Calango.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Calango.Core.Knowledge;

/// <summary>
/// The vectors of the collections that are asked, near at hand in this process. What counts is in the database; when a collection has
/// changed since it was asked last, what changed is read from there, an edition at a time. Thread-safe.
/// </summary>
internal sealed class VectorIndex(CoreOptions options, Database database) : IDisposable
{
    private const int EditionsAtOnce = 200;

    private readonly string _folder = Path.Combine(options.DataFolder, "vectors");
    private readonly ConcurrentDictionary<Guid, Holder> _collections = new();

    /// <summary>A collection's vectors as they are now; null: it has none.</summary>
    /// <param name="collection">As it was read just now.</param>
    /// <param name="dimensions">How long they are.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<VectorSnapshot?> OpenAsync(Collection collection, int dimensions, CancellationToken cancellationToken)
    {
        if (collection.Fingerprint is not { } fingerprint)
        {
            return null;
        }

        var holder = _collections.GetOrAdd(collection.Id, _ => new Holder());
        if (holder.Snapshot is { } known && known.Version >= collection.Version && known.Fingerprint == fingerprint)
        {
            return known;
        }

        await holder.Reading.WaitAsync(cancellationToken);
        try
        {
            if (holder.Snapshot is not { } last || last.Version < collection.Version || last.Fingerprint != fingerprint)
            {
                await ReadAsync(holder, collection, fingerprint, dimensions, cancellationToken);
            }

            return holder.Snapshot;
        }
        finally
        {
            holder.Reading.Release();
        }
    }

    public void Dispose()
    {
        foreach (var holder in _collections.Values)
        {
            holder.Dispose();
        }
    }

    private async Task ReadAsync(Holder holder, Collection collection, string fingerprint, int dimensions, CancellationToken cancellationToken)
    {
        var editions = await database.ReadAsync(
            db => db.Set<Document>()
                .Where(document => document.CollectionId == collection.Id && document.Edition != null && document.Fingerprint == fingerprint && document.State != DocumentState.Removing)
                .Select(document => document.Edition!.Value).ToListAsync(cancellationToken), cancellationToken);
        var known = holder.Snapshot?.Fingerprint == fingerprint ? holder.Snapshot.Segments.ToDictionary(segment => segment.Edition) : [];
        var kept = editions.Where(known.ContainsKey).Select(edition => known[edition]).ToList();
        if (holder.File is null || holder.Snapshot?.Fingerprint != fingerprint || kept.Sum(segment => segment.Passages.Length) < holder.File.Count / 2)
        {
            // Whoever still reads the old one keeps it open.
            (holder.File, kept) = (new VectorFile(_folder, dimensions), []);
        }

        var missing = editions.Except(kept.Select(segment => segment.Edition)).ToList();
        foreach (var some in missing.Chunk(EditionsAtOnce))
        {
            kept.AddRange(await ReadAsync(holder.File, some, dimensions, cancellationToken));
        }

        holder.Snapshot = new VectorSnapshot(collection.Version, fingerprint, holder.File, dimensions, kept);
    }

    private Task<List<VectorSegment>> ReadAsync(VectorFile file, Guid[] editions, int dimensions, CancellationToken cancellationToken) => database.ReadAsync(
        async db =>
        {
            var segments = new List<VectorSegment>();
            var (edition, first, passages, signs) = (Guid.Empty, file.Count, new List<long>(), new List<ulong>());
            var sign = new ulong[Vectors.SignLength(dimensions)];
            await foreach (var vector in db.Set<PassageVector>().Where(vector => editions.Contains(vector.Edition)).OrderBy(vector => vector.Edition).ThenBy(vector => vector.Number).AsAsyncEnumerable().WithCancellation(cancellationToken))
            {
                if (vector.Edition != edition)
                {
                    Close();
                    (edition, first) = (vector.Edition, file.Count);
                }

                file.Append(vector.Values);
                passages.Add(vector.PassageNumber);
                Vectors.Signs(MemoryMarshal.Cast<byte, float>(vector.Values), sign);
                signs.AddRange(sign);
            }

            Close();
            return segments;

            void Close()
            {
                if (passages.Count > 0)
                {
                    segments.Add(new VectorSegment(edition, first, [.. passages], [.. signs]));
                    passages.Clear();
                    signs.Clear();
                }
            }
        },
        cancellationToken);

    private sealed class Holder : IDisposable
    {
        public SemaphoreSlim Reading { get; } = new(1);

        public VectorFile? File { get; set; }

        public volatile VectorSnapshot? Snapshot;

        public void Dispose()
        {
            Reading.Dispose();
            File?.Dispose();
        }
    }
}
