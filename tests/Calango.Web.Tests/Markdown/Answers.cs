using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Calango.Web.Markdown;

namespace Calango.Web.Tests.Markdown;

/// <summary>An answer as a page shows it.</summary>
internal static class Answers
{
    public static readonly MarkdownLabels Labels = new()
    {
        Copy = "Copy", Copied = "Copied", Wrap = "Wrap lines", ShowSource = "Show source", ShowDiagram = "Show diagram",
        Code = "Code", Table = "Table", ImageAt = "Image at {0}", Done = "Done", NotDone = "To do",
    };

    public static readonly MarkdownRenderer Renderer = new(Labels);

    public static IHtmlDocument Parse(string html) => new HtmlParser().ParseDocument($"<body><div id=\"answer\">{html}</div></body>");

    public static IElement Page(string markdown) => Parse(Renderer.RenderAll(markdown, "a")).GetElementById("answer")!;

    /// <summary>What a page does with an update.</summary>
    public static void Apply(this IElement answer, IEnumerable<BlockUpdate> updates)
    {
        foreach (var update in updates)
        {
            if (answer.Owner!.GetElementById(update.Id) is { } old) old.OuterHtml = update.Html.TrimEnd();
            else (update.ParentId is null ? answer : answer.Owner.GetElementById(update.ParentId)!).Insert(AdjacentPosition.BeforeEnd, update.Html);
        }
    }

    /// <summary>The page as text to compare: white space between blocks means nothing.</summary>
    public static string Shape(this IElement answer)
    {
        foreach (var text in answer.ChildNodes.OfType<IText>().ToArray()) text.Remove();
        return answer.InnerHtml;
    }
}
