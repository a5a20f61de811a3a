namespace Calango.Core.Knowledge;

/// <summary>How well a passage fits a question by its words.</summary>
/// <param name="Score">The score; 0: it has none of them.</param>
/// <param name="Coverage">The share of what the question's words say that the passage has, 0 to 1.</param>
internal readonly record struct KeywordMatch(double Score, double Coverage);

/// <summary>A passage that is compared with a question.</summary>
/// <param name="Edition">Its edition.</param>
/// <param name="Ordinal">Its place in it.</param>
/// <param name="Language">The language in which its words are compared.</param>
/// <param name="Terms">Its terms, in their order.</param>
internal sealed record ComparedPassage(Guid Edition, int Ordinal, TextLanguage Language, IReadOnlyList<string> Terms);

/// <summary>
/// BM25 (Robertson and Zaragoza 2009) with the statistics of the collections that are asked, and with the two features of the
/// sequential dependence model (Metzler and Croft 2005): neighbouring words of the question that are neighbours in the passage, in
/// their order, and such that are near each other in any order.
/// </summary>
internal sealed class KeywordScore(KeywordQuery query, CollectionStatistics statistics)
{
    /// <summary>How many words a passage has where nothing else is known.</summary>
    public const double UsualLength = 150;

    private const double K1 = 1.2;
    private const double B = 0.75;
    private const double OrderedWeight = 0.6;
    private const double NearWeight = 0.6;
    private const int Near = 4;

    // A passage goes on with what the one before it says: what it lacks counts half if it stands there.
    private const double NeighbourWeight = 0.5;
    private static readonly int[] Neighbours = [-2, -1, 1, 2];

    /// <summary>How much a term counts that is so often in a passage of a length: more each time, but less and less.</summary>
    public static double Saturation(int times, int length, double averageLength) => times * (K1 + 1) / (times + (K1 * (1 - B + (B * length / averageLength))));

    /// <summary>Compares passages with the question.</summary>
    /// <returns>How well each fits, in the same order.</returns>
    public IReadOnlyList<KeywordMatch> Compare(IReadOnlyList<ComparedPassage> passages)
    {
        var read = passages.Select(passage => new ReadPassage(passage, PlacesOf(passage.Terms, query.In(passage.Language)))).ToList();
        var near = read.ToDictionary(entry => (entry.Passage.Edition, entry.Passage.Ordinal));
        return [.. read.Select(entry => MatchOf(entry, near))];
    }

    private KeywordMatch MatchOf(ReadPassage read, Dictionary<(Guid Edition, int Ordinal), ReadPassage> near)
    {
        var (passage, places) = read;
        var asked = query.In(passage.Language);
        var (score, found, all) = (0.0, 0.0, 0.0);
        foreach (var term in places.Keys)
        {
            var rarity = statistics.RarityOf(term);
            all += rarity;
            if (WeightOf(term, read) is > 0 and var weight)
            {
                score += rarity * weight;
                found += rarity;
            }
            else
            {
                score += rarity * NeighbourWeight * Neighbours.Max(step => WeightOf(term, near.GetValueOrDefault((passage.Edition, passage.Ordinal + step))));
            }
        }

        for (var i = 0; i + 1 < asked.Count; i++)
        {
            score += Together(places[asked[i]], places[asked[i + 1]]) * Math.Min(statistics.RarityOf(asked[i]), statistics.RarityOf(asked[i + 1]));
        }

        return new KeywordMatch(found > 0 ? score : 0, all > 0 ? found / all : 0);
    }

    // How much a term counts in a passage; 0: it is not in it.
    private double WeightOf(string term, ReadPassage? read) =>
        read?.Places.GetValueOrDefault(term) is { Count: > 0 and var times } ? Saturation(times, read.Passage.Terms.Count, statistics.AverageLength) : 0;

    // Where each of the question's terms is.
    private static Dictionary<string, List<int>> PlacesOf(IReadOnlyList<string> passage, IReadOnlyList<string> asked)
    {
        var places = new Dictionary<string, List<int>>(StringComparer.Ordinal);
        foreach (var term in asked)
        {
            places[term] = [];
        }

        for (var i = 0; i < passage.Count; i++)
        {
            if (places.TryGetValue(passage[i], out var at))
            {
                at.Add(i);
            }
        }

        return places;
    }

    private static double Together(List<int> first, List<int> second)
    {
        var (ordered, near) = (false, false);
        var from = 0;
        foreach (var place in first)
        {
            while (from < second.Count && second[from] < place - Near)
            {
                from++;
            }

            for (var i = from; i < second.Count && second[i] <= place + Near; i++)
            {
                near |= second[i] != place;
                ordered |= second[i] == place + 1;
            }
        }

        return (ordered ? OrderedWeight : 0) + (near ? NearWeight : 0);
    }

    private sealed record ReadPassage(ComparedPassage Passage, Dictionary<string, List<int>> Places);
}
