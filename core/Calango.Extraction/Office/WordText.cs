using System.Text;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Wordprocessing;
using M = DocumentFormat.OpenXml.Math;

namespace Calango.Extraction;

/// <summary>The words of a paragraph as it stands: what was deleted, fields' instructions and what only older programs show are not among them.</summary>
internal static class WordText
{
    public static string Of(Paragraph paragraph)
    {
        var text = new StringBuilder();
        foreach (var child in paragraph.ChildElements)
        {
            Append(child, text);
        }

        return text.ToString().Trim();
    }

    /// <summary>The text boxes that hang on it.</summary>
    public static IEnumerable<TextBoxContent> BoxesOf(Paragraph paragraph) =>
        paragraph.Descendants<TextBoxContent>().Where(box => !box.Ancestors<AlternateContentFallback>().Any() && box.Ancestors<Paragraph>().First() == paragraph);

    private static void Append(OpenXmlElement element, StringBuilder text)
    {
        switch (element)
        {
            case Text letters:
                text.Append(letters.Text);
                break;
            case M.Text formula:
                text.Append(formula.Text);
                break;
            case TabChar:
                text.Append('\t');
                break;
            case Break or CarriageReturn:
                text.Append('\n');
                break;
            case NoBreakHyphen:
                text.Append('-');
                break;
            case TextBoxContent or AlternateContentFallback or MoveFromRun or DeletedRun or ParagraphProperties or RunProperties:
                break;
            default:
                foreach (var child in element.ChildElements)
                {
                    Append(child, text);
                }

                break;
        }
    }
}
