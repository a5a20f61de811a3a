using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Wordprocessing;

namespace Calango.Extraction;

/// <summary>Word's documents: headings by their styles, lists, tables, text boxes and notes. One block at a time is in memory.</summary>
internal static class WordReader
{
    public static void Read(string path, DocumentWriter document)
    {
        using var file = OfficeFile.Open(path, WordprocessingDocument.Open);
        var main = file.MainDocumentPart ?? throw new UnreadableException("malformed");
        document.Title = file.PackageProperties.Title;
        var blocks = new WordBlocks(new WordStyles(main.StyleDefinitionsPart?.Styles), document);
        using (var reader = OpenXmlReader.Create(main))
        {
            while (reader.Read() && reader.ElementType != typeof(Body))
            {
            }

            for (var isThere = reader.ReadFirstChild(); isThere; isThere = reader.ReadNextSibling())
            {
                blocks.Add(reader.LoadCurrentElement());
            }
        }

        blocks.End();
        document.EndHeadings();
        ReadNotes(main.FootnotesPart?.Footnotes, blocks);
        ReadNotes(main.EndnotesPart?.Endnotes, blocks);
    }

    private static void ReadNotes(OpenXmlElement? notes, WordBlocks blocks)
    {
        foreach (var block in notes?.Elements<FootnoteEndnoteType>().SelectMany(note => note.ChildElements) ?? [])
        {
            blocks.Add(block);
        }

        blocks.End();
    }
}
