using Calango.Core.Models;
using Calango.Sdk;

namespace Calango.Core.Knowledge;

/// <summary>Places questions in the spaces of collections. Thread-safe.</summary>
internal sealed class QuestionPlaces(EmbeddingModels models, QuestionVectors questions, VectorSearch vectors)
{
    /// <summary>Where a question lies in each collection's space, and what is near it there. A model, a translator or an index that cannot be asked is left out: the words still count.</summary>
    public async Task<QuestionPlace> NearestAsync(IReadOnlyList<Collection> collections, string question, int most, CancellationToken cancellationToken)
    {
        var words = string.Join(' ', KeywordQuery.Of(question).Terms);
        var spaces = new Dictionary<Guid, SearchedSpace>();
        string? translation = null;
        foreach (var group in collections.Where(collection => collection.Embedder is not null).GroupBy(collection => (collection.Embedder!.Value, collection.Fingerprint)))
        {
            try
            {
                var space = new EmbedderChoice(group.Key.Value, group.Key.Fingerprint!);
                if (await questions.OfAsync(space, question, (texts, token) => models.EmbedAsync(space.Model, texts, CallPriority.Interactive, token), cancellationToken) is not { } placed)
                {
                    continue;
                }

                translation = placed.Translation ?? translation;
                foreach (var collection in group)
                {
                    var query = new IndexQuery(placed.Vector, most) { Words = words, Alpha = collection.Options.FusionWeight ?? Fusion.WeightOf(placed.Speaks, bestCoverage: 1) };
                    if (await vectors.FindAsync(collection, placed.Vector.Length, query, cancellationToken) is { } nearest)
                    {
                        spaces[collection.Id] = new SearchedSpace(vectors, collection, placed.Vector, nearest, placed.Speaks);
                    }
                }
            }
            catch (Exception exception) when (exception is ModelFailedException or ExtractionException)
            {
                // Said to whoever asks by QuestionPlace.Counts.
            }
            catch (IndexAwayException)
            {
                return new QuestionPlace(spaces, translation) { IsIndexAway = true };
            }
        }

        return new QuestionPlace(spaces, translation);
    }
}

/// <summary>A collection's space with a question in it.</summary>
internal sealed record SearchedSpace(VectorSearch Vectors, Collection Collection, float[] Vector, IReadOnlyList<NearPassage> Nearest, bool Speaks)
{
    /// <summary>How near some passages of the collection are, those of them that the index knows.</summary>
    public async Task<IEnumerable<NearPassage>> CompareAsync(IReadOnlyCollection<long> passages, CancellationToken cancellationToken)
    {
        var known = Nearest.Where(near => near.Cosine is not null && passages.Contains(near.Passage)).ToList();
        var others = passages.Except(known.Select(near => near.Passage)).ToList();
        var found = others.Count == 0 ? [] : await Vectors.FindAsync(Collection, Vector.Length, new IndexQuery(Vector, others.Count) { Passages = others }, cancellationToken) ?? [];
        return known.Concat(found);
    }
}

/// <summary>A question in the spaces of the collections that are asked.</summary>
internal sealed class QuestionPlace(IReadOnlyDictionary<Guid, SearchedSpace> spaces, string? translation)
{
    /// <summary>The question as it was placed where it had to be translated; null: nowhere.</summary>
    public string? Translation => translation;

    /// <summary>The index could not be asked.</summary>
    public bool IsIndexAway { get; set; }

    /// <summary>Meaning counts in at least one collection.</summary>
    public bool Counts => spaces.Count > 0;

    /// <summary>What is near it.</summary>
    public IEnumerable<long> Nearest => spaces.Values.SelectMany(space => space.Nearest.Select(near => near.Passage));

    /// <summary>Meaning counts in a collection.</summary>
    public bool Has(Guid collectionId) => spaces.ContainsKey(collectionId);

    /// <summary>The collection's model knows the question's language.</summary>
    public bool Speaks(Guid collectionId) => spaces.TryGetValue(collectionId, out var space) && space.Speaks;

    /// <summary>How near passages are, by their numbers.</summary>
    public async Task<Dictionary<long, float>> CosinesOfAsync(IReadOnlyCollection<(Guid CollectionId, long Number)> passages, CancellationToken cancellationToken)
    {
        var cosines = new Dictionary<long, float>(passages.Count);
        try
        {
            foreach (var (collectionId, space) in spaces)
            {
                foreach (var near in await space.CompareAsync([.. passages.Where(passage => passage.CollectionId == collectionId).Select(passage => passage.Number)], cancellationToken))
                {
                    cosines[near.Passage] = near.Cosine ?? 0;
                }
            }
        }
        catch (IndexAwayException)
        {
            IsIndexAway = true;
        }

        return cosines;
    }
}
