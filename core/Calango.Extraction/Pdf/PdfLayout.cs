using System.Text;
using System.Text.RegularExpressions;
using Calango.Core.Knowledge;

namespace Calango.Extraction;

/// <summary>Finds titles by the size of their letters, lists by what their lines begin with, and joins the lines of paragraphs.</summary>
internal sealed partial class PdfLayout
{
    private const int LongestTitle = 200;
    private const int MostTitleLines = 3;
    private const double Larger = 1.12;

    private readonly double _body;
    private readonly PdfMargins _margins;

    public PdfLayout(IReadOnlyList<PdfPage> pages)
    {
        // The size that most of the text has.
        _body = pages.SelectMany(page => page.Blocks).SelectMany(block => block.Lines)
            .GroupBy(line => Rounded(line.Height), line => line.Words.Sum(word => word.Text.Length)).MaxBy(group => group.Sum())?.Key ?? 0;
        _margins = new PdfMargins(pages);
    }

    public void Write(PdfPage page, DocumentWriter document)
    {
        var tables = PdfTables.Of(page);
        var paragraphs = new List<PdfBlock>();
        foreach (var block in page.Blocks)
        {
            var table = tables.Find(table => block.Lines.Exists(table.Has));
            if (table is not null)
            {
                WriteBlocks(paragraphs, document);
                paragraphs.Clear();
                table.WriteOnce(document);
            }

            var lines = block.Lines.Where(line => line.Words.Count > 0 && !tables.Exists(found => found.Has(line)) && !_margins.IsFurniture(page, line)).ToList();
            if (lines.Count > 0)
            {
                paragraphs.Add(new PdfBlock(lines));
            }
        }

        WriteBlocks(paragraphs, document);
    }

    private void WriteBlocks(IEnumerable<PdfBlock> blocks, DocumentWriter document)
    {
        foreach (var block in Rejoined(blocks))
        {
            if (TitleLevel(block) is { } level)
            {
                document.Heading(level, Joined(block));
            }
            else if (block.Lines.Count(line => Bullet().IsMatch(line.Text)) > 1)
            {
                document.Add(UnitKind.List, Items(block));
            }
            else
            {
                document.Add(UnitKind.Paragraph, Joined(block));
            }
        }
    }

    // The number of a title stands apart from it, and so does the page in a table of contents.
    private static List<PdfBlock> Rejoined(IEnumerable<PdfBlock> blocks)
    {
        var joined = new List<PdfBlock>();
        foreach (var block in blocks)
        {
            if (block.Lines.Count == 1 && joined.Count > 0 && joined[^1].Lines is [var before] && before.IsBeside(block.Lines[0]) && before.Right <= block.Lines[0].Left)
            {
                joined[^1] = new PdfBlock([new PdfLine(Math.Max(before.Height, block.Lines[0].Height), [.. before.Words, .. block.Lines[0].Words])]);
            }
            else
            {
                joined.Add(block);
            }
        }

        return joined;
    }

    // The larger, the further out; numbered ones of the text's own size are below those, "1.1" below "1".
    private double? TitleLevel(PdfBlock block)
    {
        var text = block.Lines[0].Text;
        var size = Rounded(block.Lines.Min(line => line.Height));
        if (block.Lines.Count > MostTitleLines || block.Lines.Sum(line => line.Text.Length) > LongestTitle || !text.Any(char.IsLetter))
        {
            return null;
        }

        return size >= _body * Larger ? 1000 - size
            : block.Lines.Count == 1 && text.Length <= 80 && Numbered().Match(text) is { Success: true } match ? 1000 + match.Groups[1].Value.Count(letter => letter == '.')
            : null;
    }

    private static string Joined(PdfBlock block)
    {
        var text = new StringBuilder();
        foreach (var line in block.Lines)
        {
            Join(text, line.Text);
        }

        return text.ToString();
    }

    private static string Items(PdfBlock block)
    {
        var text = new StringBuilder();
        foreach (var line in block.Lines.Select(line => line.Text))
        {
            if (Bullet().IsMatch(line))
            {
                text.Append(text.Length > 0 ? "\n" : "").Append(line);
            }
            else
            {
                Join(text, line);
            }
        }

        return text.ToString();
    }

    // A word that was divided at the end of a line is one word again.
    private static void Join(StringBuilder text, string line)
    {
        if (text.Length > 1 && text[^1] is '-' or '\u2010' && char.IsLetter(text[^2]) && line.Length > 0 && char.IsLower(line[0]))
        {
            text.Length--;
        }
        else if (text.Length > 0)
        {
            text.Append(' ');
        }

        text.Append(line);
    }

    private static double Rounded(double height) => Math.Round(height * 2) / 2;

    [GeneratedRegex(@"^([•◦▪‣●○■·–*-]|\d{1,3}[.)]|[a-z][.)]) \S", RegexOptions.NonBacktracking)]
    private static partial Regex Bullet();

    [GeneratedRegex(@"^(\d{1,2}(?:\.\d{1,2})*)\.? \p{Lu}[^.;,:]*$", RegexOptions.NonBacktracking)]
    private static partial Regex Numbered();
}
