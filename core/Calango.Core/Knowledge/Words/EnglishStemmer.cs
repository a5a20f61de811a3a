namespace Calango.Core.Knowledge;

/// <summary>
/// The English stemmer of Snowball (snowballstem.org/algorithms/english/stemmer.html, "Porter2"), for words of the letters a to z in
/// lower case. Apostrophes part words here, so its rules about them have nothing to do.
/// </summary>
internal static class EnglishStemmer
{
    private static readonly Dictionary<string, string> Exceptions = new(StringComparer.Ordinal)
    {
        ["skis"] = "ski", ["skies"] = "sky", ["idly"] = "idl", ["gently"] = "gentl", ["ugly"] = "ugli", ["early"] = "earli", ["only"] = "onli", ["singly"] = "singl",
        ["sky"] = "sky", ["news"] = "news", ["howe"] = "howe", ["atlas"] = "atlas", ["cosmos"] = "cosmos", ["bias"] = "bias", ["andes"] = "andes",
    };

    private static readonly string[] RegionPrefixes = ["gener", "commun", "arsen", "past", "univers", "later", "emerg", "organ", "inter"];

    private static readonly string[] KeptBeforeIng = ["inn", "out", "cann", "herr", "earr", "even"];

    private static readonly (string Suffix, string Instead)[] Step2 =
    [
        ("ational", "ate"), ("fulness", "ful"), ("iveness", "ive"), ("ization", "ize"), ("ousness", "ous"), ("biliti", "ble"), ("lessli", "less"), ("tional", "tion"),
        ("alism", "al"), ("aliti", "al"), ("ation", "ate"), ("entli", "ent"), ("fulli", "ful"), ("iviti", "ive"), ("ogist", "og"), ("ousli", "ous"),
        ("abli", "able"), ("alli", "al"), ("anci", "ance"), ("ator", "ate"), ("enci", "ence"), ("izer", "ize"), ("bli", "ble"), ("ogi", "og"), ("li", ""),
    ];

    private static readonly (string Suffix, string Instead)[] Step3 =
    [
        ("ational", "ate"), ("tional", "tion"), ("alize", "al"), ("ative", ""), ("icate", "ic"), ("iciti", "ic"), ("ical", "ic"), ("ness", ""), ("ful", ""),
    ];

    private static readonly string[] Step4 =
        ["ement", "able", "ance", "ence", "ible", "ment", "ant", "ate", "ent", "ion", "ism", "iti", "ive", "ize", "ous", "al", "er", "ic"];

    /// <summary>What the forms of a word have in common.</summary>
    public static string Stem(string word)
    {
        if (word.Length < 3)
        {
            return word;
        }

        if (Exceptions.TryGetValue(word, out var exception))
        {
            return exception;
        }

        // A y that sounds like a consonant is written Y until the end.
        word = MarkConsonantY(word);
        var (r1, r2) = Regions(word);
        word = WithoutPlural(word);
        word = WithoutEdAndIng(word, r1);
        word = word.Length > 2 && word[^1] is 'y' or 'Y' && !IsVowel(word[^2]) ? word[..^1] + "i" : word;
        word = Replaced(word, Step2, r1, r2);
        word = Replaced(word, Step3, r1, r2);
        word = WithoutResidue(word, r2);
        return WithoutLastE(word, r1, r2).Replace('Y', 'y');
    }

    private static string MarkConsonantY(string word)
    {
        var letters = word.ToCharArray();
        for (var i = 0; i < letters.Length; i++)
        {
            if (letters[i] == 'y' && (i == 0 || IsVowel(letters[i - 1])))
            {
                letters[i] = 'Y';
            }
        }

        return new string(letters);
    }

    private static (int R1, int R2) Regions(string word)
    {
        var prefix = Array.Find(RegionPrefixes, prefix => word.StartsWith(prefix, StringComparison.Ordinal));
        var r1 = prefix?.Length ?? AfterVowelAndConsonant(word, 0);
        return (r1, AfterVowelAndConsonant(word, r1));
    }

    private static int AfterVowelAndConsonant(string word, int start)
    {
        for (var i = start + 1; i < word.Length; i++)
        {
            if (!IsVowel(word[i]) && IsVowel(word[i - 1]))
            {
                return i + 1;
            }
        }

        return word.Length;
    }

    private static string WithoutPlural(string word)
    {
        if (Ends(word, "sses"))
        {
            return word[..^2];
        }

        if (Ends(word, "ied") || Ends(word, "ies"))
        {
            return word.Length > 4 ? word[..^2] : word[..^1];
        }

        // The vowel must not stand just before the s.
        return word[^1] == 's' && word[^2] is not ('u' or 's') && HasVowel(word.AsSpan(0, word.Length - 2)) ? word[..^1] : word;
    }

    private static string WithoutEdAndIng(string word, int r1)
    {
        if (Ends(word, "eedly") || Ends(word, "eed"))
        {
            var stem = word[..^(word[^1] == 'y' ? 5 : 3)];
            return stem.Length >= r1 && stem is not ("proc" or "exc" or "succ") ? stem + "ee" : word;
        }

        var suffix = Ends(word, "ingly") ? 5 : Ends(word, "edly") ? 4 : Ends(word, "ing") ? 3 : Ends(word, "ed") ? 2 : 0;
        if (suffix == 0)
        {
            return word;
        }

        var rest = word[..^suffix];
        if (suffix == 3 && rest is [var first, 'y'] && !IsVowel(first))
        {
            return first + "ie";
        }

        if ((suffix == 3 && KeptBeforeIng.Contains(rest)) || !HasVowel(rest))
        {
            return word;
        }

        if (Ends(rest, "at") || Ends(rest, "bl") || Ends(rest, "iz"))
        {
            return rest + "e";
        }

        if (rest.Length > 1 && rest[^1] == rest[^2] && rest[^1] is 'b' or 'd' or 'f' or 'g' or 'm' or 'n' or 'p' or 'r' or 't')
        {
            return rest is ['a' or 'e' or 'o', _, _] ? rest : rest[..^1];
        }

        return rest.Length <= r1 && EndsInShortSyllable(rest) ? rest + "e" : rest;
    }

    private static string Replaced(string word, (string Suffix, string Instead)[] step, int r1, int r2)
    {
        foreach (var (suffix, instead) in step)
        {
            if (!Ends(word, suffix))
            {
                continue;
            }

            var stem = word[..^suffix.Length];
            var applies = stem.Length >= r1 && suffix switch
            {
                "ogi" => Ends(stem, "l"),
                "li" => stem.Length > 0 && stem[^1] is 'c' or 'd' or 'e' or 'g' or 'h' or 'k' or 'm' or 'n' or 'r' or 't',
                "ative" => stem.Length >= r2,
                _ => true,
            };
            return applies ? stem + instead : word;
        }

        return word;
    }

    private static string WithoutResidue(string word, int r2)
    {
        if (Array.Find(Step4, suffix => Ends(word, suffix)) is not { } found)
        {
            return word;
        }

        var stem = word[..^found.Length];
        return stem.Length >= r2 && (found != "ion" || (stem.Length > 0 && stem[^1] is 's' or 't')) ? stem : word;
    }

    private static string WithoutLastE(string word, int r1, int r2) => word[^1] switch
    {
        'e' when word.Length > r2 || (word.Length > r1 && !EndsInShortSyllable(word[..^1])) => word[..^1],
        'l' when word.Length > r2 && word.Length > 1 && word[^2] == 'l' => word[..^1],
        _ => word,
    };

    private static bool EndsInShortSyllable(string word) => word switch
    {
        "past" => true,
        [.., var before, var vowel, var after] when !IsVowel(before) && IsVowel(vowel) && !IsVowel(after) && after is not ('w' or 'x' or 'Y') => true,
        [var vowel, var after] => IsVowel(vowel) && !IsVowel(after),
        _ => word.EndsWith("past", StringComparison.Ordinal),
    };

    private static bool HasVowel(ReadOnlySpan<char> word)
    {
        foreach (var letter in word)
        {
            if (IsVowel(letter))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsVowel(char letter) => letter is 'a' or 'e' or 'i' or 'o' or 'u' or 'y';

    private static bool Ends(string word, string suffix) => word.EndsWith(suffix, StringComparison.Ordinal);
}
