using AngleSharp.Dom;

namespace Calango.Web.Tests.Markdown;

/// <summary>The specification's own examples, where Calango means to follow it.</summary>
public sealed class CommonMarkTests
{
    /// <summary>What is left out on purpose. Also: links to anything but http, https and mailto.</summary>
    private static readonly string[] OtherSections = ["HTML blocks", "Raw HTML", "Link reference definitions", "Images"];

    /// <summary>A language's name keeps only ASCII (34, 144); raw HTML inside links (491, 494, 524); bare addresses are links (608, 611).</summary>
    private static readonly int[] OtherExamples = [34, 144, 491, 494, 524, 608, 611];

    /// <summary>
    /// Lazy rows without a pipe (a table ends where the pipes do), a delimiter row without a pipe, a heading that looks
    /// like a table's head, and a row indented as code.
    /// </summary>
    private static readonly int[] OtherTables = [4, 6, 15, 16, 19, 23, 34];

    [Fact]
    public void The_examples_of_CommonMark_render_as_specified()
    {
        var examples = TestData.CommonMark().Where(IsOurs).ToArray();
        var failures = examples.Where(example => Plain(example.Markdown) != Expected(example.Html))
            .Select(example => $"{example.Number} {example.Section}\n{example.Markdown}\nwanted {Expected(example.Html)}\ngot    {Plain(example.Markdown)}\n").ToArray();
        Assert.True(examples.Length > 400, $"only {examples.Length} examples were tried");
        Assert.True(failures.Length == 0, $"{failures.Length} of {examples.Length}\n" + string.Join('\n', failures));
    }

    [Fact]
    public void The_tables_of_markdown_it_render_as_tables()
    {
        var examples = TestData.MarkdownIt("mdit_tables.txt").Where(example => example.Html.Contains("<table>") && !OtherTables.Contains(example.Number)).ToArray();
        var failures = examples.Where(example => Cells(Answers.Page(example.Markdown)) != Cells(Answers.Parse(example.Html).GetElementById("answer")!))
            .Select(example => $"{example.Number}\n{example.Markdown}\ngot {Plain(example.Markdown)}\n").ToArray();
        Assert.True(failures.Length == 0, $"{failures.Length} of {examples.Length}\n" + string.Join('\n', failures));
    }

    private static bool IsOurs(TestData.Example example) =>
        !OtherSections.Contains(example.Section) && !OtherExamples.Contains(example.Number)
        && !example.Markdown.Contains("]:")
        && !Answers.Parse(example.Html).All.Any(node => node.LocalName is "img" || (node.LocalName == "a" && !HasOurScheme(node)))
        && !example.Html.Contains("<!") && !example.Html.Contains("<?") && !HasRawHtml(example);

    private static bool HasOurScheme(IElement link) =>
        link.GetAttribute("href") is { } href && (href.StartsWith("http://") || href.StartsWith("https://") || href.StartsWith("mailto:"));

    private static bool HasRawHtml(TestData.Example example) =>
        example.Markdown.Contains("<a ") || example.Markdown.Contains("</") || example.Markdown.Contains("<div") || example.Markdown.Contains("<img") || example.Markdown.Contains("<!--");

    /// <summary>Our page without what we add: wrappers, buttons, attributes of links.</summary>
    private static string Plain(string markdown)
    {
        var answer = Answers.Page(markdown);
        foreach (var added in answer.QuerySelectorAll("figcaption").ToArray()) added.Remove();
        foreach (var wrapper in answer.QuerySelectorAll("div.block, figure, div.table-frame, code > span").ToArray()) Unwrap(wrapper);
        foreach (var node in answer.QuerySelectorAll("*"))
        {
            foreach (var name in new[] { "rel", "target", "id", "tabindex" }) node.RemoveAttribute(name);
            if (node.LocalName == "pre") node.RemoveAttribute("class");
        }

        return Normal(answer);
    }

    private static void Unwrap(IElement wrapper) => wrapper.Replace([.. wrapper.ChildNodes]);

    private static string Expected(string html) => Normal(Answers.Parse(html).GetElementById("answer")!);

    private static string Normal(IElement answer)
    {
        answer.Normalize();
        foreach (var text in answer.Descendants<IText>().Where(text => text.ParentElement!.Closest("pre") is null).ToArray())
        {
            var isBetweenBlocks = string.IsNullOrWhiteSpace(text.Data) && text.Data.Contains('\n');
            text.Data = isBetweenBlocks ? "" : text.Data.Trim('\n');
        }

        return answer.InnerHtml.Replace("\n</code>", "</code>");
    }

    private static string Cells(IElement answer) => string.Join('\n', answer.QuerySelectorAll("tr").Select(row =>
        string.Join('|', row.Children.Select(cell => cell.LocalName + ":" + cell.TextContent.Trim()))));
}
