using AngleSharp.Dom;

namespace Calango.Extraction;

/// <summary>Tables of data; those that only place things are gone through as a part of the page.</summary>
internal static class HtmlTable
{
    private const int WidestSpan = 100;

    public static bool IsOfData(IElement table) =>
        table.QuerySelector("table, h1, h2, h3, pre, ul, ol, form") is null && table.QuerySelectorAll("tr").Any(row => row.Children.Length > 1);

    public static void Write(IElement table, DocumentWriter document)
    {
        if (table.QuerySelector("caption") is { } caption)
        {
            document.Add(Core.Knowledge.UnitKind.Paragraph, caption.TextContent);
        }

        var writer = new TableWriter(document);
        foreach (var row in table.QuerySelectorAll("tr"))
        {
            writer.Row(row.Children.SelectMany(CellsOf));
        }

        writer.End();
    }

    // A cell over three columns is one with its text, and two empty ones.
    private static IEnumerable<string> CellsOf(IElement cell) =>
        [cell.TextContent, .. Enumerable.Repeat("", int.TryParse(cell.GetAttribute("colspan"), out var span) && span is > 1 and <= WidestSpan ? span - 1 : 0)];
}
