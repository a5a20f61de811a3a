using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Calango.Plugins.LocalModels;

// The words of a text as BERT's "basic tokenizer" makes them: no control characters, white space and punctuation apart, each
// Chinese character a word, and for an uncased model lower case without accents.
internal sealed class BertWords(bool lowersCase, bool stripsAccents, bool partsChinese)
{
    // The blocks of CJK ideographs; kana and hangul are written with spaces or are not ideographs, and stay whole.
    private static readonly (int First, int Last)[] Chinese =
    [
        (0x4E00, 0x9FFF), (0x3400, 0x4DBF), (0x20000, 0x2A6DF), (0x2A700, 0x2B73F), (0x2B740, 0x2B81F), (0x2B820, 0x2CEAF), (0xF900, 0xFAFF), (0x2F800, 0x2FA1F),
    ];

    public static BertWords From(JsonElement tokenizer)
    {
        var normalizer = tokenizer.TryGetProperty("normalizer", out var found) && found.ValueKind == JsonValueKind.Object ? found : default;
        var lowersCase = Flag(normalizer, "lowercase") ?? true;
        return new BertWords(lowersCase, Flag(normalizer, "strip_accents") ?? lowersCase, Flag(normalizer, "handle_chinese_chars") ?? true);
    }

    public IEnumerable<string> Of(string text)
    {
        var word = new StringBuilder();
        foreach (var rune in Normalized(text).EnumerateRunes())
        {
            var (isSpace, isAlone) = (Rune.IsWhiteSpace(rune), IsPunctuation(rune) || (partsChinese && IsChinese(rune.Value)));
            if ((isSpace || isAlone) && word.Length > 0)
            {
                yield return word.ToString();
                word.Clear();
            }

            if (isAlone)
            {
                yield return rune.ToString();
            }
            else if (!isSpace)
            {
                word.Append(rune);
            }
        }

        if (word.Length > 0)
        {
            yield return word.ToString();
        }
    }

    private string Normalized(string text)
    {
        var clean = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value is '\t' or '\n' or '\r' || !IsDropped(rune))
            {
                clean.Append(rune);
            }
        }

        var form = clean.ToString();
        var lowered = new StringBuilder(form.Length);
        foreach (var rune in (stripsAccents ? form.Normalize(NormalizationForm.FormD) : form).EnumerateRunes())
        {
            if (!stripsAccents || Rune.GetUnicodeCategory(rune) != UnicodeCategory.NonSpacingMark)
            {
                lowered.Append(lowersCase ? Rune.ToLowerInvariant(rune) : rune);
            }
        }

        return lowered.ToString();
    }

    // Half a surrogate pair comes as U+FFFD.
    private static bool IsDropped(Rune rune) => rune.Value is 0 or 0xFFFD
        || Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.PrivateUse or UnicodeCategory.Surrogate;

    // What ASCII calls symbols counts, too: ^, $ and ` part words.
    private static bool IsPunctuation(Rune rune) => rune.IsAscii ? rune.Value > 32 && rune.Value < 127 && !char.IsAsciiLetterOrDigit((char)rune.Value) : Rune.IsPunctuation(rune);

    private static bool IsChinese(int value) => value >= Chinese[1].First && Array.Exists(Chinese, block => value >= block.First && value <= block.Last);

    private static bool? Flag(JsonElement normalizer, string name) =>
        normalizer.ValueKind == JsonValueKind.Object && normalizer.TryGetProperty(name, out var flag) && flag.ValueKind is JsonValueKind.True or JsonValueKind.False
            ? flag.GetBoolean()
            : null;
}
