namespace Calango.Core.Knowledge;

/// <summary>The words of a question that say what it is about, as each language compares them.</summary>
internal sealed class KeywordQuery
{
    // Nobody asks for more; the rest of a pasted page says the same once more.
    private const int MostWords = 64;

    private static readonly TextLanguage[] Languages = [TextLanguage.Other, TextLanguage.English, TextLanguage.Portuguese];

    private readonly Dictionary<TextLanguage, List<string>> _terms;

    private KeywordQuery(Dictionary<TextLanguage, List<string>> terms) => _terms = terms;

    /// <summary>All terms, in any language.</summary>
    public IEnumerable<string> Terms => _terms.Values.SelectMany(terms => terms).Distinct();

    /// <summary>There is no letter or digit in the question.</summary>
    public bool IsEmpty => _terms[TextLanguage.Other].Count == 0;

    /// <summary>The terms with which a passage of a language is compared, in the order of the question.</summary>
    public IReadOnlyList<string> In(TextLanguage language) => _terms[language];

    /// <summary>Reads a question. The short words that hold sentences together count only where there are no others.</summary>
    public static KeywordQuery Of(string question)
    {
        var all = new WordAnalysis(TextLanguage.Other).TermsOf(question).Take(MostWords).ToList();
        var telling = all.Where(word => !FunctionWords.Has(TextLanguage.Other, word)).ToList();
        var words = telling.Count > 0 ? telling : all;
        return new KeywordQuery(Languages.ToDictionary(language => language, language => words.ConvertAll(word => WordAnalysis.Stem(word, language))));
    }
}
