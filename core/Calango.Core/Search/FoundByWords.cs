namespace Calango.Core.Search;

/// <summary>What the words of a query have found.</summary>
/// <param name="Ranked">Best first.</param>
/// <param name="Chosen">The terms for which they were ranked.</param>
/// <param name="Counts">All terms, with how many entries have each, roughly.</param>
/// <param name="Newest">The newest entry that was looked at.</param>
internal sealed record FoundByWords(List<RankedEntry> Ranked, IReadOnlyList<SearchTerm> Chosen, IReadOnlyList<(SearchTerm Term, long Count)> Counts, long Newest)
{
    /// <summary>How much of what the query's words say a text has, 0 to 1: the rarer a word is, the more it says.</summary>
    public double CoverageOf(string text)
    {
        var missing = Counts.Select(pair => pair.Term).ToList();
        for (var words = new SearchWords(text); missing.Count > 0 && words.Read();)
        {
            for (var i = missing.Count - 1; i >= 0; i--)
            {
                if (missing[i].Matches(words.Word))
                {
                    missing.RemoveAt(i);
                }
            }
        }

        // The last word counts once, whole or as a beginning.
        var byWord = Counts.GroupBy(pair => pair.Term.Word).Select(terms => (
            Rarity: Math.Log(1 + (Newest / (double)Math.Max(1, terms.Max(pair => pair.Count)))), IsThere: terms.Any(pair => !missing.Contains(pair.Term)))).ToList();
        return byWord.Where(word => word.IsThere).Sum(word => word.Rarity) / byWord.Sum(word => word.Rarity);
    }
}

/// <summary>The order in which what was found is shown.</summary>
/// <param name="Entries">Best first.</param>
internal sealed record SearchOrder(List<RankedEntry> Entries)
{
    /// <summary>The numbers of those that have none of the words.</summary>
    public IReadOnlySet<long> Others { get; init; } = new HashSet<long>();
}
