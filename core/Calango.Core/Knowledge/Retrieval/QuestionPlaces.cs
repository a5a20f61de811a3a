using Calango.Core.Models;
using Calango.Sdk;

namespace Calango.Core.Knowledge;

/// <summary>Places questions in the spaces of collections. Thread-safe.</summary>
internal sealed class QuestionPlaces(EmbeddingModels models, VectorIndex vectors)
{
    // A question that is a page long says in its first parts what it is about.
    private const int MostParts = 8;

    /// <summary>Where a question lies in each collection's space, and what is near it there. A model that cannot be asked is left out: the words still count.</summary>
    public async Task<QuestionPlace> NearestAsync(IReadOnlyList<Collection> collections, string question, int most, CancellationToken cancellationToken)
    {
        var language = WordAnalysis.LanguageOf(question);
        var spaces = new Dictionary<Guid, SearchedSpace>();
        foreach (var group in collections.Where(collection => collection.Embedder is not null).GroupBy(collection => (collection.Embedder!.Value, collection.Fingerprint)))
        {
            try
            {
                if (await models.FindAsync(group.Key.Value, cancellationToken) is not { } model || model.Info.Fingerprint != group.Key.Fingerprint)
                {
                    continue;
                }

                var vector = await PlaceAsync(model, question, cancellationToken);
                foreach (var collection in group)
                {
                    if (await vectors.OpenAsync(collection, model.Info.Dimensions, cancellationToken) is { } snapshot)
                    {
                        spaces[collection.Id] = new SearchedSpace(snapshot, vector, snapshot.Nearest(vector, most), Speaks(model.Info, language));
                    }
                }
            }
            catch (ModelFailedException)
            {
                // Said to whoever asks by QuestionPlace.Counts.
            }
        }

        return new QuestionPlace(spaces);
    }

    private static bool Speaks(EmbeddingModelInfo model, TextLanguage language) => model.Languages.Count == 0 || language switch
    {
        TextLanguage.English => model.Languages.Any(tag => tag.StartsWith("en", StringComparison.Ordinal)),
        TextLanguage.Portuguese => model.Languages.Any(tag => tag.StartsWith("pt", StringComparison.Ordinal)),
        // A few words tell no language: they are given the benefit of the doubt.
        _ => true,
    };

    // What a model cannot read at once is read in parts, and lies between them.
    private async Task<float[]> PlaceAsync(EmbeddingModel model, string question, CancellationToken cancellationToken)
    {
        var parts = await PartsAsync(model, question, cancellationToken);
        var embedded = await models.EmbedAsync(model.Ref, parts, CallPriority.Interactive, cancellationToken);
        var sum = new float[embedded.Vectors[0].Length];
        foreach (var vector in embedded.Vectors)
        {
            System.Numerics.Tensors.TensorPrimitives.Add(sum, Vectors.Normalized(vector), sum);
        }

        return Vectors.Normalized(sum);
    }

    private async Task<IReadOnlyList<string>> PartsAsync(EmbeddingModel model, string question, CancellationToken cancellationToken)
    {
        var words = question.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        for (var size = words.Length; ; size = (size + 1) / 2)
        {
            var parts = words.Chunk(size).Take(MostParts).Select(part => string.Join(' ', part)).ToList();
            if (size == 1 || (await models.CountTokensAsync(model.Ref, parts, cancellationToken)).All(tokens => tokens <= model.Info.WindowTokens))
            {
                return parts;
            }
        }
    }
}

/// <summary>A collection's space with a question in it.</summary>
internal sealed record SearchedSpace(VectorSnapshot Snapshot, float[] Vector, IReadOnlyList<NearPassage> Nearest, bool Speaks);

/// <summary>A question in the spaces of the collections that are asked.</summary>
internal sealed class QuestionPlace(IReadOnlyDictionary<Guid, SearchedSpace> spaces)
{
    /// <summary>Meaning counts in at least one collection.</summary>
    public bool Counts => spaces.Count > 0;

    /// <summary>What is near it.</summary>
    public IEnumerable<long> Nearest => spaces.Values.SelectMany(space => space.Nearest.Select(near => near.Number));

    /// <summary>Meaning counts in a collection.</summary>
    public bool Has(Guid collectionId) => spaces.ContainsKey(collectionId);

    /// <summary>The collection's model knows the question's language.</summary>
    public bool Speaks(Guid collectionId) => spaces.TryGetValue(collectionId, out var space) && space.Speaks;

    /// <summary>How near passages are, by their numbers.</summary>
    public Dictionary<long, float> CosinesOf(IReadOnlyCollection<(Guid CollectionId, long Number)> passages)
    {
        var cosines = new Dictionary<long, float>(passages.Count);
        foreach (var (collectionId, space) in spaces)
        {
            foreach (var (number, cosine) in space.Snapshot.CosinesOf(space.Vector, [.. passages.Where(passage => passage.CollectionId == collectionId).Select(passage => passage.Number)]))
            {
                cosines[number] = cosine;
            }
        }

        return cosines;
    }
}
