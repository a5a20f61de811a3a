namespace Calango.Extraction;

/// <summary>English, Portuguese or neither, by how many of the words are those that every text of a language is full of: enough to choose a stemmer.</summary>
internal sealed class LanguageGuess
{
    private const int EnoughWords = 20_000;

    // No word of one list is common in the other language; "a", "as", "do" and "no" are in both.
    private static readonly HashSet<string> English = [.. "the of and to in is that for it was with on are be this by from at have not which or an but they their has were we you can will would there been if more when who what all its about than into other only some these".Split(' ')];
    private static readonly HashSet<string> Portuguese = [.. "de que e o da em um para com não uma os na se por mais das dos como mas foi ao ele são à seu sua ou ser quando muito nos já está eu também só pelo pela até isso ela entre era depois sem mesmo aos ter seus nas".Split(' ')];

    private int _words;
    private int _english;
    private int _portuguese;

    /// <summary>"en" or "pt"; null: neither.</summary>
    public string? Best =>
        _english > _portuguese * 2 && IsEnough(_english) ? "en"
        : _portuguese > _english * 2 && IsEnough(_portuguese) ? "pt"
        : null;

    public void Add(string text)
    {
        var start = -1;
        for (var index = 0; index <= text.Length && _words < EnoughWords; index++)
        {
            if (index < text.Length && char.IsLetter(text[index]))
            {
                start = start < 0 ? index : start;
            }
            else if (start >= 0)
            {
                // The "e" of 1.5e-7 is no word.
                if ((start == 0 || !char.IsDigit(text[start - 1])) && (index == text.Length || !char.IsDigit(text[index])))
                {
                    Count(text[start..index].ToLowerInvariant());
                }

                start = -1;
            }
        }
    }

    private void Count(string word)
    {
        _words++;
        _english += English.Contains(word) ? 1 : 0;
        _portuguese += Portuguese.Contains(word) ? 1 : 0;
    }

    // In a text, a third of the words; in one of titles and tables far fewer. Spanish has a few of the Portuguese ones.
    private bool IsEnough(int count) => count >= 3 && count * 12 >= _words;
}
