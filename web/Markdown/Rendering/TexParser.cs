using Markdig.Helpers;
using Markdig.Parsers;

namespace Calango.Web.Markdown.Rendering;

/// <summary>
/// Finds formulas as models write them: $…$, $$…$$, \(…\) and \[…\]. A single $ is money more often than not, so it takes
/// the rule of Pandoc's tex_math_dollars: no space inside the dollars, no digit after the second.
/// </summary>
internal sealed class TexParser : InlineParser
{
    /// <summary>How far the end of a formula is looked for, so that a row of openers costs linear time.</summary>
    private const int LongestFormula = 2000;

    public TexParser() => OpeningCharacters = ['$', '\\'];

    public override bool Match(InlineProcessor processor, ref StringSlice slice)
    {
        var before = slice.PeekCharExtra(-1);
        var text = slice.AsSpan();
        if (text.Length > LongestFormula) text = text[..LongestFormula];
        var (width, length) = text switch
        {
            ['$', '$', ..] => (2, EndOf(text[2..], "$$")),
            ['$', ..] when !char.IsLetterOrDigit(before) => (1, EndOfDollar(text[1..])),
            ['\\', '(', ..] => (2, EndOf(text[2..], "\\)")),
            ['\\', '[', ..] => (2, EndOf(text[2..], "\\]")),
            _ => (0, -1),
        };
        if (length < 0) return false;

        var formula = text.Slice(width, length).Trim();
        if (formula.IsEmpty || !HasSubstance(formula)) return false;
        processor.Inline = new Tex(formula.ToString(), display: width == 2 && text[1] != '(');
        slice.Start += length + 2 * width;
        return true;
    }

    private static int EndOf(ReadOnlySpan<char> text, string close)
    {
        if (text.IndexOf(close) < 0) return -1;
        for (var i = 0; i + 1 < text.Length; i++)
        {
            if (text[i..].StartsWith(close)) return i;
            if (text[i] == '\\') i++;
        }

        return -1;
    }

    private static int EndOfDollar(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty || char.IsWhiteSpace(text[0])) return -1;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\') i++;
            else if (text[i] == '`') return -1;
            else if (text[i] == '$') return IsDollarEnd(text, i) ? i : -1;
        }

        return -1;
    }

    private static bool IsDollarEnd(ReadOnlySpan<char> text, int at) =>
        at > 0 && !char.IsWhiteSpace(text[at - 1]) && (at + 1 == text.Length || !char.IsDigit(text[at + 1]));

    /// <summary>\[\] and its like are escaped punctuation, not a formula.</summary>
    private static bool HasSubstance(ReadOnlySpan<char> formula)
    {
        foreach (var character in formula)
        {
            if (char.IsLetterOrDigit(character)) return true;
        }

        return false;
    }
}
