namespace Calango.Core.Search;

/// <summary>What is looked for: a word, or everything that starts with it.</summary>
internal readonly record struct SearchTerm(string Word, bool IsPrefix)
{
    private const int MaxWords = 32;

    // Shorter ones start a large part of all words.
    private const int MinPrefixLength = 3;

    /// <summary>The distinct words of a query, and the last one as the start of a word too: it may still be being typed.</summary>
    public static IReadOnlyList<SearchTerm> Of(string query)
    {
        var terms = new List<SearchTerm>();
        var words = new SearchWords(query);
        var last = "";
        while (terms.Count < MaxWords && words.Read())
        {
            last = words.Word.ToString();
            var term = new SearchTerm(last, IsPrefix: false);
            if (!terms.Contains(term))
            {
                terms.Add(term);
            }
        }

        if (last.Length >= MinPrefixLength)
        {
            terms.Add(new SearchTerm(last, IsPrefix: true));
        }

        return terms;
    }

    /// <summary>Whether a word of a text is meant.</summary>
    public bool Matches(ReadOnlySpan<char> word) => IsPrefix ? word.StartsWith(Word, StringComparison.Ordinal) : word.SequenceEqual(Word);
}
