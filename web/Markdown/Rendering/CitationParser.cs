using System.Globalization;
using Markdig;
using Markdig.Helpers;
using Markdig.Parsers;
using Markdig.Syntax.Inlines;

namespace Calango.Web.Markdown.Rendering;

/// <summary>The numbers of sources, as an answer cites them.</summary>
internal sealed class Citation(string idPrefix, IReadOnlyList<int> numbers) : LeafInline
{
    /// <summary>What the ids of the answer's sources begin with.</summary>
    public string IdPrefix => idPrefix;

    /// <summary>The numbers.</summary>
    public IReadOnlyList<int> Numbers => numbers;
}

/// <summary>Finds [1] and [2, 3] in the answers that have sources; elsewhere they are text.</summary>
internal sealed class CitationParser : InlineParser
{
    private const int LongestCitation = 40;
    private const int MostSources = 99;
    private static readonly object Key = new();

    public CitationParser() => OpeningCharacters = ['['];

    /// <summary>What a text is read in.</summary>
    /// <param name="idPrefix">What the ids of the answer's blocks begin with; null: it has no sources.</param>
    public static MarkdownParserContext? In(string? idPrefix)
    {
        if (idPrefix is null)
        {
            return null;
        }

        var context = new MarkdownParserContext();
        // Parts after calls of tools have the same sources.
        context.Properties[Key] = idPrefix.Split('-')[0];
        return context;
    }

    public override bool Match(InlineProcessor processor, ref StringSlice slice)
    {
        if (processor.Context?.Properties.GetValueOrDefault(Key) is not string idPrefix)
        {
            return false;
        }

        var text = slice.AsSpan();
        var end = text[..Math.Min(text.Length, LongestCitation)].IndexOf(']');
        if (end < 2 || (end + 1 < text.Length && text[end + 1] is '(' or ':'))
        {
            return false;
        }

        var numbers = new List<int>();
        foreach (var range in text[1..end].Split(','))
        {
            if (!int.TryParse(text[1..end][range].Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number is 0 or > MostSources)
            {
                return false;
            }

            numbers.Add(number);
        }

        processor.Inline = new Citation(idPrefix, numbers);
        slice.Start += end + 1;
        return true;
    }
}
