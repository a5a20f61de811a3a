using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Calango.Core.Data;
using Calango.Sdk;
using Microsoft.EntityFrameworkCore;

namespace Calango.Core.Knowledge;

/// <summary>Reads from the database what an index is made of. Thread-safe.</summary>
internal sealed class VectorSource(Database database)
{
    private const int AtOnce = 200;

    /// <summary>The space of a collection's vectors.</summary>
    public static IndexSpace SpaceOf(Guid ownerId, Guid collectionId, string fingerprint, int dimensions) => new(TenantOf(ownerId), collectionId, fingerprint, dimensions);

    /// <summary>The editions of a collection that can be found now and lie in a space of its.</summary>
    public Task<List<Guid>> EditionsAsync(Guid collectionId, string fingerprint, CancellationToken cancellationToken) => database.ReadAsync(
        db => db.Set<Document>()
            .Where(document => document.CollectionId == collectionId && document.Edition != null && document.Fingerprint == fingerprint && document.State != DocumentState.Removing)
            .Select(document => document.Edition!.Value).ToListAsync(cancellationToken), cancellationToken);

    /// <summary>How many numbers an edition's vectors have; 0: it has none.</summary>
    public Task<int> DimensionsAsync(Guid edition, CancellationToken cancellationToken) => database.ReadAsync(
        async db => (await db.Set<PassageVector>().Where(vector => vector.Edition == edition).Select(vector => vector.Values).FirstOrDefaultAsync(cancellationToken) ?? []).Length / sizeof(float), cancellationToken);

    /// <summary>Some vectors of an edition, in the order of their numbers.</summary>
    /// <param name="edition">The edition.</param>
    /// <param name="after">The last number of those before; 0: they are the first.</param>
    /// <param name="withWords">Whether the words of the passages are wanted, too.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>None: those before were the last.</returns>
    public Task<List<IndexVector>> NextAsync(Guid edition, long after, bool withWords, CancellationToken cancellationToken) => database.ReadAsync(
        async db =>
        {
            var rows = await db.Set<PassageVector>().Where(vector => vector.Edition == edition && vector.Number > after).OrderBy(vector => vector.Number).Take(AtOnce).ToListAsync(cancellationToken);
            var words = withWords ? await WordsAsync(db, [.. rows.Select(row => row.PassageNumber).Distinct()], cancellationToken) : [];
            return rows.ConvertAll(row => new IndexVector(row.Number, row.PassageNumber, row.Edition, MemoryMarshal.Cast<byte, float>(row.Values).ToArray(), words.GetValueOrDefault(row.PassageNumber, "")));
        },
        cancellationToken);

    private static async Task<Dictionary<long, string>> WordsAsync(CalangoDb db, List<long> passages, CancellationToken cancellationToken) =>
        (await db.Set<Passage>().AsNoTracking().Where(passage => passages.Contains(passage.Number)).ToListAsync(cancellationToken)).ToDictionary(
            passage => passage.Number, passage => string.Join(' ', new WordAnalysis(passage.Language).TermsOf(Passage.Placed(passage.Headings, passage.Text))));

    // A service elsewhere needs to tell people apart, not to know who they are.
    private static string TenantOf(Guid ownerId) => Convert.ToHexStringLower(SHA256.HashData(ownerId.ToByteArray()))[..32];
}
