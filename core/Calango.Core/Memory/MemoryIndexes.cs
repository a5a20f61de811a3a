using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Calango.Core.Data;
using Calango.Core.Knowledge;
using Calango.Sdk;
using Microsoft.EntityFrameworkCore;

namespace Calango.Core.Memory;

/// <summary>
/// The vectors of memories in the index of this process. One is filled from the database when it is asked, with what has come since
/// it was asked before, and dropped when nobody has asked it for a while. Thread-safe.
/// </summary>
internal sealed class MemoryIndexes(MemoryIndex index, Database database, TimeProvider clock)
{
    private const int AtOnce = 500;

    private static readonly SettingsValues NoSettings = new(new Dictionary<string, string>());
    private static readonly TimeSpan Idle = TimeSpan.FromMinutes(10);

    // What is gone is not shown, so until then it only takes room.
    private static readonly TimeSpan Recount = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<Guid, Filled> _filled = new();

    /// <summary>How near messages are to a question, by the numbers under which the search knows them.</summary>
    /// <param name="memory">The memory.</param>
    /// <param name="vector">The question; its length is 1.</param>
    /// <param name="most">How many of the nearest at most.</param>
    /// <param name="others">These as well, those of them that have a place.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ProviderException">The memory was forgotten meanwhile.</exception>
    public async Task<(IReadOnlyList<NearPassage> Nearest, IReadOnlyList<NearPassage> Others)> CompareAsync(
        ChatMemory memory, float[] vector, int most, IReadOnlyList<long> others, CancellationToken cancellationToken)
    {
        var filled = _filled.GetOrAdd(memory.Id, _ => new Filled(VectorSource.SpaceOf(memory.AccountId, memory.Id, memory.Fingerprint, vector.Length)));
        filled.UsedAt = clock.GetTimestamp();
        await filled.Filling.WaitAsync(cancellationToken);
        try
        {
            await FillAsync(memory.Id, filled, cancellationToken);
        }
        finally
        {
            filled.Filling.Release();
        }

        return (await SearchAsync(new IndexQuery(vector, most)), others.Count == 0 ? [] : await SearchAsync(new IndexQuery(vector, others.Count) { Passages = others }));

        async Task<IReadOnlyList<NearPassage>> SearchAsync(IndexQuery query) => await index.SearchAsync(filled.Space, query, NoSettings, cancellationToken) ?? [];
    }

    /// <summary>Drops one.</summary>
    public void Forget(Guid? memoryId)
    {
        if (memoryId is { } id && _filled.TryRemove(id, out var filled))
        {
            index.Drop(filled.Space);
        }
    }

    /// <summary>Drops those that nobody has asked for a while.</summary>
    public void ForgetIdle()
    {
        foreach (var (id, _) in _filled.Where(entry => clock.GetElapsedTime(entry.Value.UsedAt) > Idle))
        {
            Forget(id);
        }
    }

    private async Task FillAsync(Guid memoryId, Filled filled, CancellationToken cancellationToken)
    {
        await ReadNewAsync(memoryId, filled, cancellationToken);
        if (clock.GetElapsedTime(filled.CountedAt) < Recount)
        {
            return;
        }

        filled.CountedAt = clock.GetTimestamp();
        if (await database.ReadAsync(db => Of(db, memoryId).CountAsync(cancellationToken), cancellationToken) != filled.Count)
        {
            index.Drop(filled.Space);
            (filled.Count, filled.Last) = (0, 0);
            await ReadNewAsync(memoryId, filled, cancellationToken);
        }
    }

    private async Task ReadNewAsync(Guid memoryId, Filled filled, CancellationToken cancellationToken)
    {
        await index.EnsureAsync(filled.Space, NoSettings, cancellationToken);
        while (await NextAsync(memoryId, filled.Last, cancellationToken) is { Count: > 0 } vectors)
        {
            // What is added together is a part of the index of its own, which need not be looked through for the next.
            var together = Guid.CreateVersion7();
            await index.UpsertAsync(
                filled.Space, vectors.ConvertAll(vector => new IndexVector(vector.Number, vector.EntryNumber, together, MemoryMarshal.Cast<byte, float>(vector.Values).ToArray())), NoSettings, cancellationToken);
            (filled.Count, filled.Last) = (filled.Count + vectors.Count, vectors[^1].Number);
        }
    }

    private Task<List<MessageVector>> NextAsync(Guid memoryId, long after, CancellationToken cancellationToken) => database.ReadAsync(
        db => Of(db, memoryId).Where(vector => vector.Number > after).OrderBy(vector => vector.Number).Take(AtOnce).ToListAsync(cancellationToken), cancellationToken);

    private static IQueryable<MessageVector> Of(CalangoDb db, Guid memoryId) => db.Set<MessageVector>().Where(vector => vector.MemoryId == memoryId && vector.Length > 0);

    private sealed class Filled(IndexSpace space)
    {
        public IndexSpace Space => space;

        public SemaphoreSlim Filling { get; } = new(1);

        public long UsedAt { get; set; }

        public long CountedAt { get; set; }

        /// <summary>How many vectors it was given.</summary>
        public int Count { get; set; }

        /// <summary>The number of the last of them.</summary>
        public long Last { get; set; }
    }
}
