using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Calango.Sdk;

namespace Calango.Core.Knowledge;

/// <summary>
/// The index of this process: of each vector the signs in memory, and its numbers in a file beside it. It is empty when the process
/// begins. Thread-safe: who searches sees a space as it was at one moment.
/// </summary>
internal sealed class MemoryIndex(CoreOptions options) : IPassageIndex, IDisposable
{
    private readonly string _folder = Path.Combine(options.DataFolder, "vectors");
    private readonly ConcurrentDictionary<IndexSpace, Space> _spaces = new();

    public IReadOnlyList<SettingField> Settings => [];

    public Task CheckAsync(SettingsValues settings, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task EnsureAsync(IndexSpace space, SettingsValues settings, CancellationToken cancellationToken)
    {
        _spaces.GetOrAdd(space, added => new Space(_folder, added.Dimensions));
        return Task.CompletedTask;
    }

    public Task UpsertAsync(IndexSpace space, IReadOnlyList<IndexVector> vectors, SettingsValues settings, CancellationToken cancellationToken)
    {
        Vectors.RequireFit(space, vectors);
        (_spaces.GetValueOrDefault(space) ?? throw new ProviderException(ProviderErrorKind.InvalidRequest)).Put(vectors);
        return Task.CompletedTask;
    }

    public Task DeleteAsync(IndexSpace space, IReadOnlyList<Guid> editions, SettingsValues settings, CancellationToken cancellationToken)
    {
        _spaces.GetValueOrDefault(space)?.Remove([.. editions]);
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<NearPassage>?> SearchAsync(IndexSpace space, IndexQuery query, SettingsValues settings, CancellationToken cancellationToken)
    {
        Vectors.RequireFit(space, query);
        return Task.FromResult<IReadOnlyList<NearPassage>?>(_spaces.GetValueOrDefault(space)?.Snapshot is not { } snapshot ? null
            : query.Passages is { } passages ? snapshot.Among(query.Vector, passages, query.Most)
            : snapshot.Nearest(query.Vector, query.Most));
    }

    /// <summary>Forgets a space.</summary>
    public void Drop(IndexSpace space) => _spaces.TryRemove(space, out _);

    public void Dispose()
    {
        foreach (var space in _spaces.Values)
        {
            space.Dispose();
        }
    }

    private sealed class Space : IDisposable
    {
        private readonly Lock _lock = new();
        private readonly string _folder;
        private readonly int _dimensions;
        private VectorFile _file;
        private volatile VectorSnapshot _snapshot;

        public Space(string folder, int dimensions)
        {
            (_folder, _dimensions, _file) = (folder, dimensions, new VectorFile(folder, dimensions));
            _snapshot = new VectorSnapshot(_file, dimensions, []);
        }

        public VectorSnapshot Snapshot => _snapshot;

        public void Put(IReadOnlyList<IndexVector> vectors)
        {
            lock (_lock)
            {
                var put = vectors.Select(vector => vector.Number).ToHashSet();
                var editions = vectors.Select(vector => vector.Edition).ToHashSet();
                var kept = _snapshot.Segments.SelectMany(segment => editions.Contains(segment.Edition) ? segment.Without(put, _dimensions) : [segment]).ToList();
                foreach (var edition in vectors.GroupBy(vector => vector.Edition))
                {
                    kept.Add(Append([.. edition]));
                }

                Turn(kept);
            }
        }

        public void Remove(HashSet<Guid> editions)
        {
            lock (_lock)
            {
                Turn([.. _snapshot.Segments.Where(segment => !editions.Contains(segment.Edition))]);
            }
        }

        public void Dispose() => _file.Dispose();

        private VectorSegment Append(IndexVector[] vectors)
        {
            var (first, length) = (_file.Count, Vectors.SignLength(_dimensions));
            var signs = new ulong[vectors.Length * length];
            for (var i = 0; i < vectors.Length; i++)
            {
                _file.Append(MemoryMarshal.AsBytes<float>(vectors[i].Values));
                Vectors.Signs(vectors[i].Values, signs.AsSpan(i * length, length));
            }

            return new VectorSegment(vectors[0].Edition, first, Array.ConvertAll(vectors, vector => vector.Number), Array.ConvertAll(vectors, vector => vector.Passage), signs);
        }

        private void Turn(List<VectorSegment> segments)
        {
            if (segments.Sum(segment => segment.Passages.Length) < _file.Count / 2)
            {
                // Whoever still reads the old one keeps it open.
                var file = new VectorFile(_folder, _dimensions);
                segments = segments.ConvertAll(segment =>
                {
                    var first = file.Count;
                    _file.CopyTo(file, segment.FirstRow, segment.Passages.Length);
                    return segment with { FirstRow = first };
                });
                _file = file;
            }

            _snapshot = new VectorSnapshot(_file, _dimensions, segments);
        }
    }
}
