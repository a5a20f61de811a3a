namespace Calango.Extraction;

/// <summary>What stands at the edges of page after page: the title of the chapter, the number of the page. The first one counts as text.</summary>
internal sealed class PdfMargins
{
    private const double Edge = 0.13;
    private const int Often = 3;

    // What is repeated, without its numbers, and the page on which it is first.
    private readonly Dictionary<string, int> _repeated;

    public PdfMargins(IReadOnlyList<PdfPage> pages) => _repeated = pages
        .SelectMany(page => page.Blocks.SelectMany(block => block.Lines).Where(line => IsAtEdge(page, line)).Select(line => (Text: Unnumbered(line), page.Number)).Distinct())
        .GroupBy(found => found.Text, found => found.Number).Where(group => group.Count() >= Often && group.Count() * 3 >= pages.Count)
        .ToDictionary(group => group.Key, group => group.Min());

    public bool IsFurniture(PdfPage page, PdfLine line) =>
        IsNumber(line) ? IsAlone(page, line) && (IsAtEdge(page, line) || IsLowest(page, line))
        : IsAtEdge(page, line) && _repeated.TryGetValue(Unnumbered(line), out var first) && page.Number > first;

    private static bool IsNumber(PdfLine line) => line.Text.All(letter => char.IsDigit(letter) || letter is '-' or ' ');

    // Titles have numbers, too.
    private static bool IsAlone(PdfPage page, PdfLine line) => Others(page, line).All(other => !other.IsBeside(line));

    private static bool IsLowest(PdfPage page, PdfLine line) => Others(page, line).Any() && Others(page, line).All(other => other.Bottom < line.Top);

    private static IEnumerable<PdfLine> Others(PdfPage page, PdfLine line) => page.Blocks.SelectMany(block => block.Lines).Where(other => other.Words.Count > 0 && other != line);

    private static bool IsAtEdge(PdfPage page, PdfLine line) => line.Words.Count > 0 && (line.Bottom < page.Height * Edge || line.Top > page.Height * (1 - Edge));

    private static string Unnumbered(PdfLine line) => string.Concat(line.Text.Where(letter => !char.IsDigit(letter)));
}
