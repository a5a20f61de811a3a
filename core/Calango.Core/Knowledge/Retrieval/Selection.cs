namespace Calango.Core.Knowledge;

/// <summary>
/// Chooses from what was found. How many depends on the scores: what lies far behind the best is left out; what says the same as a
/// better one is moved back (maximal marginal relevance, Carbonell and Goldstein 1998).
/// </summary>
internal static class Selection
{
    private const double FarBehind = 0.4;

    // Two passages that share so much of their words say the same.
    private const double Same = 0.8;

    /// <summary>Says of each candidate what becomes of it. They come, and are returned, the best first.</summary>
    public static List<FoundPassage> Choose(IReadOnlyList<FoundPassage> ranked, Func<FoundPassage, IReadOnlySet<string>> words, RetrievalOptions options)
    {
        var chosen = new List<FoundPassage>();
        var fates = ranked.ToDictionary(candidate => candidate.Passage.Number, candidate => candidate.Confidence < options.Threshold ? PassageFate.BelowThreshold
            : candidate.Score < ranked[0].Score * FarBehind ? PassageFate.FarBehind
            : PassageFate.TooMany);
        var left = ranked.Where(candidate => fates[candidate.Passage.Number] == PassageFate.TooMany).ToList();
        while (left.Count > 0 && chosen.Count < options.MaxPassages)
        {
            var next = left.MaxBy(candidate => candidate.Score - (options.Diversity * Likeness(candidate) * candidate.Score))!;
            left.Remove(next);
            if (options.Diversity > 0 && Likeness(next) > Same)
            {
                fates[next.Passage.Number] = PassageFate.SaysTheSame;
                continue;
            }

            fates[next.Passage.Number] = PassageFate.Chosen;
            chosen.Add(next);
        }

        return [.. ranked.Select(candidate => candidate with { Fate = fates[candidate.Passage.Number] })];

        double Likeness(FoundPassage candidate) => chosen.Count == 0 ? 0 : chosen.Max(other => Shared(words(candidate), words(other)));
    }

    // The share of the words of both that both have (Jaccard).
    private static double Shared(IReadOnlySet<string> first, IReadOnlySet<string> second)
    {
        var both = first.Count(second.Contains);
        return both == 0 ? 0 : (double)both / (first.Count + second.Count - both);
    }
}
