using System.IO.Compression;
using System.Text;

namespace Calango.Core.Tests.Knowledge;

/// <summary>Documents as a test needs them, in the formats that are zips of XML.</summary>
internal static class Documents
{
    private const string WordSpace = "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"";
    private const string SlideSpace = "xmlns:p=\"http://schemas.openxmlformats.org/presentationml/2006/main\" xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\" xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"";
    private const string Relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

    public static byte[] Zip(params (string Name, string Text)[] entries) => Zip([.. entries.Select(entry => (entry.Name, Encoding.UTF8.GetBytes(entry.Text)))]);

    public static byte[] Zip(params (string Name, byte[] Bytes)[] entries)
    {
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, content) in entries)
            {
                using var entry = zip.CreateEntry(name, CompressionLevel.Optimal).Open();
                entry.Write(content);
            }
        }

        return bytes.ToArray();
    }

    /// <summary>A Word document with this in its body; style "Titre1" is a heading, in a language that isn't English.</summary>
    public static byte[] Word(string body, string prolog = "", string link = "https://example.org/") => Zip(
        ("[Content_Types].xml", Types(("/word/document.xml", "wordprocessingml.document.main"), ("/word/styles.xml", "wordprocessingml.styles"))),
        ("_rels/.rels", Relations(("officeDocument", "word/document.xml"))),
        ("word/_rels/document.xml.rels", Relations(("styles", "styles.xml"), ("hyperlink", link + "\" TargetMode=\"External"))),
        ("word/styles.xml", $"<w:styles {WordSpace}><w:style w:type=\"paragraph\" w:styleId=\"Titre1\"><w:name w:val=\"heading 1\"/></w:style></w:styles>"),
        ("word/document.xml", $"<?xml version=\"1.0\"?>{prolog}<w:document {WordSpace}><w:body>{body}</w:body></w:document>"));

    public static string Paragraph(string text, string? style = null, bool isItem = false) =>
        $"<w:p><w:pPr>{(style is null ? "" : $"<w:pStyle w:val=\"{style}\"/>")}{(isItem ? "<w:numPr><w:ilvl w:val=\"0\"/><w:numId w:val=\"1\"/></w:numPr>" : "")}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>";

    public static string Table(params string[][] rows) =>
        $"<w:tbl>{string.Concat(rows.Select(row => $"<w:tr>{string.Concat(row.Select(cell => $"<w:tc>{Paragraph(cell)}</w:tc>"))}</w:tr>"))}</w:tbl>";

    /// <summary>A single slide.</summary>
    public static byte[] Slides(string title, string[] points, string notes) => Zip(
        ("[Content_Types].xml", Types(("/ppt/presentation.xml", "presentationml.presentation.main"), ("/ppt/slides/slide1.xml", "presentationml.slide"), ("/ppt/notesSlides/notesSlide1.xml", "presentationml.notesSlide"))),
        ("_rels/.rels", Relations(("officeDocument", "ppt/presentation.xml"))),
        ("ppt/_rels/presentation.xml.rels", Relations(("slide", "slides/slide1.xml"))),
        ("ppt/presentation.xml", $"<p:presentation {SlideSpace}><p:sldIdLst><p:sldId id=\"256\" r:id=\"r0\"/></p:sldIdLst></p:presentation>"),
        ("ppt/slides/_rels/slide1.xml.rels", Relations(("notesSlide", "../notesSlides/notesSlide1.xml"))),
        ("ppt/slides/slide1.xml", $"<p:sld {SlideSpace}><p:cSld><p:spTree>{Shape("title", title)}{Shape("body", points)}</p:spTree></p:cSld></p:sld>"),
        ("ppt/notesSlides/notesSlide1.xml", $"<p:notes {SlideSpace}><p:cSld><p:spTree>{Shape("body", notes)}</p:spTree></p:cSld></p:notes>"));

    /// <summary>A workbook of one sheet.</summary>
    public static byte[] Workbook(string sheet, IEnumerable<string[]> rows) => Zip(
        ("[Content_Types].xml", Types(("/xl/workbook.xml", "spreadsheetml.sheet.main"), ("/xl/worksheets/sheet1.xml", "spreadsheetml.worksheet"))),
        ("_rels/.rels", Relations(("officeDocument", "xl/workbook.xml"))),
        ("xl/_rels/workbook.xml.rels", Relations(("worksheet", "worksheets/sheet1.xml"))),
        ("xl/workbook.xml", $"<workbook xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" xmlns:r=\"{Relation}\"><sheets><sheet name=\"{sheet}\" sheetId=\"1\" r:id=\"r0\"/></sheets></workbook>"),
        ("xl/worksheets/sheet1.xml", $"<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData>{string.Concat(rows.Select(row => $"<row>{string.Concat(row.Select(cell => $"<c t=\"inlineStr\"><is><t>{cell}</t></is></c>"))}</row>"))}</sheetData></worksheet>"));

    /// <summary>A book whose chapters are pages of the web, by name, in the order of its spine.</summary>
    public static byte[] Book(string title, params (string Name, string Html)[] chapters) => Zip(
    [
        ("mimetype", "application/epub+zip"u8.ToArray()),
        ("META-INF/container.xml", "<container><rootfiles><rootfile full-path=\"OPS/book.opf\"/></rootfiles></container>"u8.ToArray()),
        ("OPS/book.opf", Encoding.UTF8.GetBytes($"<package><metadata><title>{title}</title></metadata><manifest>{string.Concat(chapters.Reverse().Select(chapter => $"<item id=\"{chapter.Name}\" href=\"text/{chapter.Name}.xhtml\"/>"))}</manifest><spine>{string.Concat(chapters.Select(chapter => $"<itemref idref=\"{chapter.Name}\"/>"))}</spine></package>")),
        .. chapters.Select(chapter => ($"OPS/text/{chapter.Name}.xhtml", Encoding.UTF8.GetBytes($"<?xml version=\"1.0\"?><!DOCTYPE html><html><body>{chapter.Html}</body></html>"))),
    ]);

    private static string Shape(string place, params string[] paragraphs) =>
        $"<p:sp><p:nvSpPr><p:cNvPr id=\"1\" name=\"\"/><p:cNvSpPr/><p:nvPr><p:ph type=\"{place}\"/></p:nvPr></p:nvSpPr><p:spPr/><p:txBody><a:bodyPr/>{string.Concat(paragraphs.Select(text => $"<a:p><a:r><a:t>{text}</a:t></a:r></a:p>"))}</p:txBody></p:sp>";

    private static string Types(params (string Part, string Kind)[] parts) =>
        $"<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Default Extension=\"xml\" ContentType=\"application/xml\"/>{string.Concat(parts.Select(part => $"<Override PartName=\"{part.Part}\" ContentType=\"application/vnd.openxmlformats-officedocument.{part.Kind}+xml\"/>"))}</Types>";

    private static string Relations(params (string Kind, string Target)[] targets) =>
        $"<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">{string.Concat(targets.Select((target, index) => $"<Relationship Id=\"r{index}\" Type=\"{Relation}/{target.Kind}\" Target=\"{target.Target}\"/>"))}</Relationships>";
}
