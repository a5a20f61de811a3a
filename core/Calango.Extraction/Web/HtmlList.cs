using System.Globalization;
using System.Text;
using AngleSharp.Dom;

namespace Calango.Extraction;

/// <summary>Lists, with those within them.</summary>
internal static class HtmlList
{
    /// <summary>Whether there is nothing in it but text and lists; what has tables or code is gone through as a part of the page.</summary>
    public static bool IsPlain(IElement list) => list.QuerySelector("pre, table, h1, h2, h3, h4, h5, h6") is null;

    public static string TextOf(IElement list)
    {
        var lines = new StringBuilder();
        Append(list, 0, lines);
        return lines.ToString();
    }

    private static void Append(IElement list, int depth, StringBuilder lines)
    {
        var number = int.TryParse(list.GetAttribute("start"), CultureInfo.InvariantCulture, out var start) ? start : 1;
        foreach (var item in list.Children)
        {
            var text = new StringBuilder();
            var inner = new List<IElement>();
            Gather(item, text, inner);
            var line = Texts.OneLine(text.ToString());
            if (line.Length > 0)
            {
                lines.Append(' ', depth * 2).Append(IsNumbered(list) ? $"{number}. " : "- ").Append(line).Append('\n');
            }

            number++;
            inner.ForEach(further => Append(further, depth + 1, lines));
        }
    }

    private static void Gather(INode node, StringBuilder text, List<IElement> inner)
    {
        foreach (var child in node.ChildNodes)
        {
            if (child is IText letters)
            {
                text.Append(letters.Data);
            }
            else if (child is IElement { NodeName: "UL" or "OL" } list)
            {
                inner.Add(list);
            }
            else if (child is IElement element && !MainPart.IsAround(element))
            {
                Gather(element, text.Append(element.NodeName is "P" or "DIV" or "BR" or "LI" ? " " : ""), inner);
            }
        }
    }

    private static bool IsNumbered(IElement list) => list.NodeName == "OL";
}
