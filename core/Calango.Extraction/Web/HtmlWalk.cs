using System.Text;
using AngleSharp.Dom;
using Calango.Core.Knowledge;

namespace Calango.Extraction;

/// <summary>Goes through a page's elements in order.</summary>
internal sealed class HtmlWalk(DocumentWriter document)
{
    private static readonly HashSet<string> Inline = new(StringComparer.OrdinalIgnoreCase)
    {
        "A", "ABBR", "ACRONYM", "B", "BDI", "BDO", "BIG", "CITE", "CODE", "DATA", "DEL", "DFN", "EM", "FONT", "I", "IMG", "INS", "KBD", "LABEL", "MARK", "MATH",
        "OUTPUT", "Q", "RUBY", "RB", "RT", "S", "SAMP", "SMALL", "SPAN", "STRIKE", "STRONG", "SUB", "SUP", "TIME", "TT", "U", "VAR", "WBR",
    };

    // What was gathered of a paragraph that has not ended.
    private readonly StringBuilder _paragraph = new();

    public void Walk(INode root)
    {
        WalkChildren(root);
        EndParagraph();
    }

    private void WalkChildren(INode node)
    {
        foreach (var child in node.ChildNodes)
        {
            if (child is IText text)
            {
                _paragraph.Append(Lines(text.Data));
            }
            else if (child is IElement element && !MainPart.IsAround(element))
            {
                WalkElement(element);
            }
        }
    }

    private void WalkElement(IElement element)
    {
        switch (element.NodeName.ToUpperInvariant())
        {
            case "BR":
                _paragraph.Append('\n');
                break;
            case "IMG":
                _paragraph.Append(element.GetAttribute("alt"));
                break;
            case "H1" or "H2" or "H3" or "H4" or "H5" or "H6":
                EndParagraph();
                document.Heading(element.NodeName[1] - '0', element.TextContent);
                break;
            case "PRE":
                EndParagraph();
                document.Add(UnitKind.Code, element.TextContent);
                break;
            case "UL" or "OL" when HtmlList.IsPlain(element):
                EndParagraph();
                document.Add(UnitKind.List, HtmlList.TextOf(element));
                break;
            case "TABLE" when HtmlTable.IsOfData(element):
                EndParagraph();
                HtmlTable.Write(element, document);
                break;
            case var name when Inline.Contains(name):
                WalkChildren(element);
                break;
            default:
                EndParagraph();
                WalkChildren(element);
                EndParagraph();
                break;
        }
    }

    private void EndParagraph()
    {
        if (_paragraph.Length > 0)
        {
            document.Add(UnitKind.Paragraph, string.Join('\n', _paragraph.ToString().Split('\n').Select(Texts.OneLine)));
            _paragraph.Clear();
        }
    }

    // Where a line ends in the source means nothing.
    private static string Lines(string source) => source.Replace('\n', ' ').Replace('\r', ' ');
}
