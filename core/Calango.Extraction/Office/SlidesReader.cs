using Calango.Core.Knowledge;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Presentation;
using A = DocumentFormat.OpenXml.Drawing;

namespace Calango.Extraction;

/// <summary>Slides: the title of each, what stands on it, and what the speaker wanted to say.</summary>
internal static class SlidesReader
{
    public static void Read(string path, DocumentWriter document)
    {
        using var file = OfficeFile.Open(path, PresentationDocument.Open);
        var main = file.PresentationPart ?? throw new UnreadableException("malformed");
        document.Title = file.PackageProperties.Title;
        var slides = main.Presentation.SlideIdList?.Elements<SlideId>().Select(id => (SlidePart)main.GetPartById(id.RelationshipId!.Value!)).ToList() ?? [];
        document.Pages = slides.Count;
        for (var index = 0; index < slides.Count; index++)
        {
            document.EndHeadings();
            document.Page = index + 1;
            ReadSlide(slides[index], document);
            document.Tick();
        }
    }

    private static void ReadSlide(SlidePart slide, DocumentWriter document)
    {
        var shapes = slide.Slide.CommonSlideData?.ShapeTree;
        var title = shapes?.Descendants<Shape>().FirstOrDefault(IsTitle);
        document.Heading(1, title is null ? "" : TextOf(title.TextBody, " "));
        foreach (var shape in shapes?.Descendants().Where(element => element != title) ?? [])
        {
            if (shape is Shape { TextBody: { } text })
            {
                document.Add(text.Elements<A.Paragraph>().Count(HasText) > 1 ? UnitKind.List : UnitKind.Paragraph, TextOf(text, "\n"));
            }
            else if (shape is A.Table table)
            {
                AddTable(table, document);
            }
        }

        foreach (var notes in slide.NotesSlidePart?.NotesSlide.CommonSlideData?.ShapeTree?.Elements<Shape>().Where(shape => PlaceOf(shape) == PlaceholderValues.Body) ?? [])
        {
            document.Add(UnitKind.Paragraph, TextOf(notes.TextBody, "\n"));
        }
    }

    private static void AddTable(A.Table table, DocumentWriter document)
    {
        var writer = new TableWriter(document);
        foreach (var row in table.Elements<A.TableRow>())
        {
            writer.Row(row.Elements<A.TableCell>().Select(cell => TextOf(cell.TextBody, " ")));
        }

        writer.End();
    }

    private static bool IsTitle(Shape shape) => PlaceOf(shape) is PlaceholderValues.Title or PlaceholderValues.CenteredTitle;

    private static PlaceholderValues? PlaceOf(Shape shape) => shape.NonVisualShapeProperties?.ApplicationNonVisualDrawingProperties?.PlaceholderShape?.Type?.Value;

    private static bool HasText(A.Paragraph paragraph) => !string.IsNullOrWhiteSpace(paragraph.InnerText);

    private static string TextOf(OpenXmlElement? body, string between) =>
        string.Join(between, body?.Elements<A.Paragraph>().Where(HasText).Select(paragraph => Indentation(paragraph) + string.Concat(paragraph.ChildElements.Select(TextOfRun))) ?? []);

    private static string Indentation(A.Paragraph paragraph) => new(' ', 2 * Math.Clamp(paragraph.ParagraphProperties?.Level?.Value ?? 0, 0, 9));

    private static string TextOfRun(OpenXmlElement run) => run is A.Break ? "\n" : run.InnerText;
}
