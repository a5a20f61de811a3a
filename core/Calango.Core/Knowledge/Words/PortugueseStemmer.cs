namespace Calango.Core.Knowledge;

/// <summary>
/// The Portuguese stemmer of Snowball (snowballstem.org/algorithms/portuguese/stemmer.html) for words whose diacritics are folded
/// already, with its suffixes folded in the same way: <c>informação</c> and <c>informacao</c> are one word, however somebody types.
/// </summary>
internal static class PortugueseStemmer
{
    private static readonly (string Suffix, string Instead)[] Standard = LongestFirst(
    [
        .. Without("eza ezas ico ica icos icas ismo ismos avel ivel ista istas oso osa osos osas amento amentos imento imentos"),
        .. Without("adora ador acao adoras adores acoes ante antes ancia"),
        ("logia", "log"), ("logias", "log"), ("ucao", "u"), ("ucoes", "u"), ("encia", "ente"), ("encias", "ente"),
        .. Without("amente mente idade idades iva ivo ivas ivos"),
        ("ira", "ir"), ("iras", "ir"),
    ]);

    private static readonly (string Suffix, string Instead)[] Verbal = LongestFirst([.. Without(
        """
        ada ida ia aria eria iria ara era ira ava asse esse isse aste este iste ei arei erei irei am iam ariam eriam iriam aram eram iram avam em arem
        erem irem assem essem issem ado ido ando endo indo arao erao irao ar er ir as adas idas ias arias erias irias aras eras iras avas es ardes erdes
        irdes ares eres ires asses esses isses astes estes istes is ais eis ieis arieis erieis irieis areis ereis ireis asseis esseis isseis aveis ados
        idos amos iamos ariamos eriamos iriamos aramos eramos iramos avamos emos aremos eremos iremos assemos essemos issemos imos armos ermos irmos eu iu ou
        """)]);

    /// <summary>What the forms of a word have in common.</summary>
    public static string Stem(string word)
    {
        if (word.Length < 3)
        {
            return word;
        }

        var regions = Regions.Of(word);
        if (WithoutStandardSuffix(word, regions) is { } stem || (stem = WithoutVerbalSuffix(word, regions)) is not null)
        {
            stem = Ends(stem, "ci") && stem.Length > regions.Verbal ? stem[..^1] : stem;
        }
        else
        {
            stem = WithoutResidue(word, regions);
        }

        return WithoutLastE(stem, regions);
    }

    private static string? WithoutStandardSuffix(string word, Regions regions)
    {
        foreach (var (suffix, instead) in Standard)
        {
            if (!Ends(word, suffix))
            {
                continue;
            }

            var stem = word[..^suffix.Length];
            return suffix switch
            {
                "ira" or "iras" => stem.Length >= regions.Verbal && Ends(stem, "e") ? stem + instead : null,
                "amente" => stem.Length >= regions.First ? WithoutBeforeAmente(stem, regions) : null,
                _ when stem.Length < regions.Second => null,
                "mente" => Without(stem, regions, "ante", "avel", "ivel"),
                "idade" or "idades" => Without(stem, regions, "abil", "ic", "iv"),
                "iva" or "ivo" or "ivas" or "ivos" => Without(stem, regions, "at"),
                _ => stem + instead,
            };
        }

        return null;
    }

    private static string WithoutBeforeAmente(string stem, Regions regions)
    {
        var shorter = Without(stem, regions, "iv", "os", "ic", "ad");
        return shorter != stem && Ends(stem, "iv") ? Without(shorter, regions, "at") : shorter;
    }

    private static string Without(string stem, Regions regions, params ReadOnlySpan<string> suffixes)
    {
        foreach (var suffix in suffixes)
        {
            if (Ends(stem, suffix))
            {
                return stem.Length - suffix.Length >= regions.Second ? stem[..^suffix.Length] : stem;
            }
        }

        return stem;
    }

    private static string? WithoutVerbalSuffix(string word, Regions regions)
    {
        foreach (var (suffix, _) in Verbal)
        {
            if (word.Length - suffix.Length >= regions.Verbal && Ends(word, suffix))
            {
                return word[..^suffix.Length];
            }
        }

        return null;
    }

    private static string WithoutResidue(string word, Regions regions)
    {
        var suffix = Ends(word, "os") ? 2 : word[^1] is 'a' or 'i' or 'o' ? 1 : 0;
        return word.Length - suffix >= regions.Verbal ? word[..^suffix] : word;
    }

    private static string WithoutLastE(string stem, Regions regions)
    {
        if (!Ends(stem, "e") || stem.Length <= regions.Verbal)
        {
            return stem;
        }

        stem = stem[..^1];
        return (Ends(stem, "gu") || Ends(stem, "ci")) && stem.Length > regions.Verbal ? stem[..^1] : stem;
    }

    private static bool Ends(string word, string suffix) => word.EndsWith(suffix, StringComparison.Ordinal);

    private static IEnumerable<(string, string)> Without(string suffixes) =>
        suffixes.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(suffix => (suffix, ""));

    private static (string Suffix, string Instead)[] LongestFirst((string Suffix, string Instead)[] suffixes) => [.. suffixes.OrderByDescending(entry => entry.Suffix.Length)];

    // Where the parts of a word begin in which suffixes may be taken away: RV, R1 and R2 of the specification.
    private readonly record struct Regions(int Verbal, int First, int Second)
    {
        public static Regions Of(string word)
        {
            var first = AfterVowelAndConsonant(word, 0);
            return new Regions(VerbalOf(word), first, AfterVowelAndConsonant(word, first));
        }

        private static int VerbalOf(string word)
        {
            if (!IsVowel(word[1]))
            {
                return After(word, 2, vowel: true);
            }

            return IsVowel(word[0]) ? After(word, 2, vowel: false) : Math.Min(3, word.Length);
        }

        private static int AfterVowelAndConsonant(string word, int start) => After(word, After(word, start, vowel: true), vowel: false);

        private static int After(string word, int start, bool vowel)
        {
            for (var i = start; i < word.Length; i++)
            {
                if (IsVowel(word[i]) == vowel)
                {
                    return i + 1;
                }
            }

            return word.Length;
        }

        private static bool IsVowel(char letter) => letter is 'a' or 'e' or 'i' or 'o' or 'u';
    }
}
