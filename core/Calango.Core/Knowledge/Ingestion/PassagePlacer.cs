using System.Runtime.InteropServices;
using Calango.Core.Data;
using Calango.Core.Models;
using Microsoft.EntityFrameworkCore;

namespace Calango.Core.Knowledge;

/// <summary>Places the passages of an edition in the space of its collection's model, a few at a time. Thread-safe.</summary>
internal sealed class PassagePlacer(Database database, EmbeddingModels models, Translator translator)
{
    // One call of a service, and one short unit of work.
    private const int AtOnce = 32;

    /// <summary>The space of a collection's passages.</summary>
    /// <exception cref="ModelFailedException">Its model could not be asked.</exception>
    /// <exception cref="ExtractionException"><c>embedderGone</c>: it has none any more, or another than it had.</exception>
    public async Task<PassageSpace> SpaceOfAsync(Collection collection, CancellationToken cancellationToken)
    {
        if (collection.Embedder is not { } embedder)
        {
            return new PassageSpace(models, null, null, null);
        }

        // Vectors of two models are never mixed.
        return await models.FindAsync(embedder, cancellationToken) is { } model && EmbedderChoice.IsSpaceOf(collection.Fingerprint, model.Info)
            ? new PassageSpace(models, model, collection.IsTranslated ? translator : null, collection.Fingerprint)
            : throw new ExtractionException("embedderGone");
    }

    /// <summary>Places what is not placed yet.</summary>
    /// <exception cref="ModelFailedException">The model could not be asked. What is placed stays.</exception>
    public async Task PlaceAsync(IntakeClaim claim, PassageSpace space, CancellationToken cancellationToken)
    {
        if (space.Model is not { } model)
        {
            return;
        }

        while (await NextAsync(claim, cancellationToken) is { Count: > 0 } passages)
        {
            var windows = new List<IReadOnlyList<string>>(passages.Count);
            foreach (var passage in passages)
            {
                windows.Add(await space.TextsOfAsync(passage, cancellationToken));
            }

            var embedded = await models.EmbedAsync(model.Ref, [.. windows.SelectMany(texts => texts)], cancellationToken);
            var vectors = embedded.Vectors.GetEnumerator();
            var rows = passages.Zip(windows).SelectMany(pair => pair.Second.Select(_ => new PassageVector { PassageNumber = pair.First.Number, Edition = claim.Edition, Values = Next() })).ToList();
            await StoreAsync(claim, passages, rows, cancellationToken);

            byte[] Next()
            {
                vectors.MoveNext();
                return vectors.Current.Length == model.Info.Dimensions
                    ? MemoryMarshal.AsBytes<float>(Vectors.Normalized(vectors.Current)).ToArray()
                    : throw new ExtractionException("embedderGone");
            }
        }
    }

    private Task<List<Passage>> NextAsync(IntakeClaim claim, CancellationToken cancellationToken) => database.ReadAsync(
        db => db.Set<Passage>().Where(passage => passage.Edition == claim.Edition && !passage.IsPlaced).OrderBy(passage => passage.Ordinal).Take(AtOnce).ToListAsync(cancellationToken), cancellationToken);

    private Task StoreAsync(IntakeClaim claim, List<Passage> passages, List<PassageVector> vectors, CancellationToken cancellationToken) => database.WriteAsync(
        async db =>
        {
            await claim.RequireAsync(db, cancellationToken);
            db.AddRange(vectors);
            await db.SaveChangesAsync(cancellationToken);
            var numbers = passages.ConvertAll(passage => passage.Number);
            await db.Set<Passage>().Where(passage => numbers.Contains(passage.Number)).ExecuteUpdateAsync(set => set.SetProperty(passage => passage.IsPlaced, true), cancellationToken);
            await claim.Row(db).ExecuteUpdateAsync(set => set.SetProperty(row => row.Done, row => row.Done + numbers.Count), cancellationToken);
        },
        cancellationToken);
}
