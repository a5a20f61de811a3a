using System.Globalization;
using DocumentFormat.OpenXml.Wordprocessing;

namespace Calango.Extraction;

/// <summary>Which styles are those of headings and of lists. A style has an id in each language, and one name.</summary>
internal sealed class WordStyles(Styles? styles)
{
    private const int MostAncestors = 10;

    private readonly Dictionary<string, Style> _styles = styles?.Elements<Style>().Where(style => style.StyleId?.Value is not null)
        .GroupBy(style => style.StyleId!.Value!).ToDictionary(group => group.Key, group => group.First()) ?? [];

    /// <summary>From one; null: it is no heading.</summary>
    public int? HeadingLevel(Paragraph paragraph)
    {
        if (paragraph.ParagraphProperties?.OutlineLevel?.Val?.Value is { } own)
        {
            return Level(own);
        }

        return Ancestors(paragraph).Select(LevelOf).FirstOrDefault(level => level is not null);
    }

    /// <summary>How deep in a list it is, from zero; null: it is in none.</summary>
    public int? ListLevel(Paragraph paragraph) =>
        (paragraph.ParagraphProperties?.NumberingProperties ?? Ancestors(paragraph).Select(style => style.StyleParagraphProperties?.NumberingProperties).FirstOrDefault(found => found is not null))
        is { } numbering && numbering.NumberingId?.Val?.Value != 0 ? numbering.NumberingLevelReference?.Val?.Value ?? 0 : null;

    private IEnumerable<Style> Ancestors(Paragraph paragraph)
    {
        var id = paragraph.ParagraphProperties?.ParagraphStyleId?.Val?.Value;
        for (var count = 0; count < MostAncestors && id is not null && _styles.TryGetValue(id, out var style); count++)
        {
            yield return style;
            id = style.BasedOn?.Val?.Value;
        }
    }

    private static int? LevelOf(Style style)
    {
        var name = style.StyleName?.Val?.Value?.ToLowerInvariant() ?? "";
        return name == "title" ? 1
            : name.StartsWith("heading ", StringComparison.Ordinal) && int.TryParse(name[8..], CultureInfo.InvariantCulture, out var level) ? level
            : style.StyleParagraphProperties?.OutlineLevel?.Val?.Value is { } outline ? Level(outline)
            : null;
    }

    // Nine is text.
    private static int? Level(int outline) => outline is >= 0 and < 9 ? outline + 1 : null;
}
