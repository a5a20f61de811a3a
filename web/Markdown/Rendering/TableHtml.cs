using Markdig.Extensions.Tables;
using Markdig.Renderers;
using Markdig.Renderers.Html;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace Calango.Web.Markdown.Rendering;

/// <summary>A table in a frame of its own that scrolls, by keyboard too. Alignment is a class: the page allows no style attribute.</summary>
internal sealed class TableHtml(MarkdownLabels labels) : HtmlObjectRenderer<Table>
{
    private readonly string start = $"<div class=\"table-frame\" role=\"group\" tabindex=\"0\" aria-label=\"{Html.Escape(labels.Table)}\"><table>";

    protected override void Write(HtmlRenderer renderer, Table table)
    {
        renderer.EnsureLine();
        renderer.WriteLine(start);
        var part = "";
        var columns = table.Count > 0 ? ((TableRow)table[0]).Count : 0;
        foreach (var row in table.OfType<TableRow>())
        {
            part = EnterPart(renderer, part, row.IsHeader ? "thead" : "tbody");
            WriteRow(renderer, table, row, columns);
        }

        EnterPart(renderer, part, "");
        renderer.WriteLine("</table></div>");
    }

    private static string EnterPart(HtmlRenderer renderer, string part, string next)
    {
        if (part == next) return part;
        if (part.Length > 0) renderer.WriteLine($"</{part}>");
        if (next.Length > 0) renderer.WriteLine($"<{next}>");
        return next;
    }

    private static void WriteRow(HtmlRenderer renderer, Table table, TableRow row, int columns)
    {
        renderer.WriteLine("<tr>");
        for (var column = 0; column < Math.Min(row.Count, columns); column++)
        {
            var cell = (TableCell)row[column];
            var name = row.IsHeader ? "th" : "td";
            var alignment = column < table.ColumnDefinitions.Count ? table.ColumnDefinitions[column].Alignment : null;
            ShowEscapedPipes(cell);
            renderer.Write($"<{name}{AlignmentClass(alignment)}>");
            var wasImplicit = renderer.ImplicitParagraph;
            renderer.ImplicitParagraph = true;
            renderer.Write(cell);
            renderer.ImplicitParagraph = wasImplicit;
            renderer.WriteLine($"</{name}>");
        }

        renderer.WriteLine("</tr>");
    }

    /// <summary>In a table a pipe is escaped even inside code (GitHub Flavored Markdown, section 4.10), and stands there as itself.</summary>
    private static void ShowEscapedPipes(TableCell cell)
    {
        foreach (var code in cell.Descendants<CodeInline>()) code.Content = code.Content.Replace("\\|", "|");
    }

    private static string AlignmentClass(TableColumnAlign? alignment) => alignment switch
    {
        TableColumnAlign.Center => " class=\"cell--center\"",
        TableColumnAlign.Right => " class=\"cell--right\"",
        _ => "",
    };
}
