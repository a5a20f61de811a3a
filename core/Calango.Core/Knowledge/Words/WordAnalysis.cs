using Calango.Core.Search;

namespace Calango.Core.Knowledge;

/// <summary>
/// The terms of a text, as they are indexed and looked for: words in lower case, without diacritics, stemmed in the text's
/// language. One for each document: it remembers the stems of the words it has met. Not thread-safe.
/// </summary>
internal sealed class WordAnalysis
{
    // A text that has fewer says too little of its language.
    private const int FewestTellingWords = 2;

    // Beyond this the answer no longer changes.
    private const int WordsThatTell = 2_000;
    private const int LettersThatTell = 10_000;

    private readonly Dictionary<string, string> _stems = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string>.AlternateLookup<ReadOnlySpan<char>> _known;
    private readonly TextLanguage _language;

    public WordAnalysis(TextLanguage language) => (_language, _known) = (language, _stems.GetAlternateLookup<ReadOnlySpan<char>>());

    /// <summary>The terms, in their order.</summary>
    public List<string> TermsOf(ReadOnlySpan<char> text)
    {
        var terms = new List<string>(text.Length / 6);
        var words = new SearchWords(text);
        while (words.Read())
        {
            if (!_known.TryGetValue(words.Word, out var stem))
            {
                var word = words.Word.ToString();
                _stems[word] = stem = Stem(word, _language);
            }

            terms.Add(stem);
        }

        return terms;
    }

    /// <summary>The form in which a folded word is compared.</summary>
    public static string Stem(string word, TextLanguage language) => !word.All(char.IsAsciiLetterLower) ? word : language switch
    {
        TextLanguage.English => EnglishStemmer.Stem(word),
        TextLanguage.Portuguese => PortugueseStemmer.Stem(word),
        _ => word,
    };

    /// <summary>The language of a text, by the short words that hold its sentences together.</summary>
    public static TextLanguage LanguageOf(ReadOnlySpan<char> text)
    {
        var (english, portuguese, read) = (0, 0, 0);
        var words = new SearchWords(text);
        while (read++ < WordsThatTell && words.Read())
        {
            var word = words.Word.ToString();
            var (isEnglish, isPortuguese) = (FunctionWords.Has(TextLanguage.English, word), FunctionWords.Has(TextLanguage.Portuguese, word));
            english += isEnglish && !isPortuguese ? 1 : 0;
            portuguese += isPortuguese && !isEnglish ? 1 : 0;
        }

        // No English word has these, and few of another language.
        portuguese += text[..Math.Min(text.Length, LettersThatTell)].CountAny("ãõÃÕ");

        return Math.Max(english, portuguese) < FewestTellingWords || english == portuguese ? TextLanguage.Other
            : english > portuguese ? TextLanguage.English
            : TextLanguage.Portuguese;
    }
}
