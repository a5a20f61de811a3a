using System.Text;
using Calango.Core.Knowledge;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Wordprocessing;

namespace Calango.Extraction;

/// <summary>Takes the blocks of a Word document in order; the items of a list become one unit.</summary>
internal sealed class WordBlocks(WordStyles styles, DocumentWriter document)
{
    private readonly StringBuilder _list = new();

    public void Add(OpenXmlElement? block)
    {
        switch (block)
        {
            case Paragraph paragraph:
                AddParagraph(paragraph);
                break;
            case Table table:
                AddTable(table);
                break;
            // What is around blocks: a control, a customer's own mark.
            case SdtBlock or SdtContentBlock or CustomXmlBlock or InsertedRun:
                foreach (var inner in block.ChildElements)
                {
                    Add(inner);
                }

                break;
        }
    }

    public void End()
    {
        document.Add(UnitKind.List, _list.ToString());
        _list.Clear();
    }

    private void AddParagraph(Paragraph paragraph)
    {
        var text = WordText.Of(paragraph);
        if (styles.HeadingLevel(paragraph) is { } level && text.Length > 0)
        {
            End();
            document.Heading(level, text);
        }
        else if (styles.ListLevel(paragraph) is { } depth)
        {
            _list.Append(' ', Math.Clamp(depth, 0, 9) * 2).Append("- ").Append(Texts.OneLine(text)).Append('\n');
        }
        else
        {
            End();
            document.Add(UnitKind.Paragraph, text);
        }

        foreach (var box in WordText.BoxesOf(paragraph))
        {
            End();
            foreach (var inner in box.ChildElements)
            {
                Add(inner);
            }
        }
    }

    private void AddTable(Table table)
    {
        End();
        var writer = new TableWriter(document);
        foreach (var row in table.Elements<TableRow>())
        {
            writer.Row(row.Descendants<TableCell>().Where(cell => cell.Ancestors<TableRow>().First() == row).SelectMany(CellsOf));
        }

        writer.End();
    }

    private static IEnumerable<string> CellsOf(TableCell cell) =>
        [string.Join(' ', cell.Descendants<Paragraph>().Select(WordText.Of)), .. Enumerable.Repeat("", Math.Clamp((cell.TableCellProperties?.GridSpan?.Val?.Value ?? 1) - 1, 0, 100))];
}
