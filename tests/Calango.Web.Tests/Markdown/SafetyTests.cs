using System.Text.RegularExpressions;
using AngleSharp.Dom;
using Calango.Web.Markdown;

namespace Calango.Web.Tests.Markdown;

/// <summary>Nothing in an answer runs, reaches out, or speaks to htmx.</summary>
public sealed class SafetyTests
{
    private static readonly string[] AllowedElements =
    [
        "div", "p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "blockquote", "pre", "code", "span", "strong", "em", "del", "a", "img",
        "br", "hr", "table", "thead", "tbody", "tr", "th", "td", "input", "figure", "figcaption", "button",
    ];

    private static readonly string[] AllowedAttributes =
    [
        "class", "id", "href", "rel", "target", "title", "src", "alt", "loading", "decoding", "start", "type", "disabled", "checked", "tabindex",
        "role", "aria-label", "aria-pressed", "data-open", "data-math", "data-diagram", "data-code-action", "data-done", "data-show-source", "data-show-diagram",
    ];

    public static readonly TheoryData<string> Payloads =
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<svg/onload=alert(1)>",
        "<iframe src=javascript:alert(1)></iframe>",
        "<div hx-get=/logout hx-trigger=load></div>",
        "<div data-hx-post=\"/save\" data-hx-trigger=\"load\"></div>",
        "</div></div><div hx-on::load=alert(1)>",
        "<style>*{background:url(https://evil.test)}</style>",
        "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=alert(1)&gt;\">",
        "<a href=\"javascript:alert(1)\">x</a>",
        "<!--<img src=\"--><img src=x onerror=alert(1)//\">",
        "<![CDATA[<script>alert(1)</script>]]>",
        "<?php echo 1 ?>",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](java&#10;script:alert(1))",
        "[x](&#x6A;avascript:alert(1))",
        "[x](\\javascript:alert(1))",
        "[x](<java\tscript:alert(1)>)",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "[x](vbscript:x)",
        "[x](file:///etc/passwd)",
        "[x](blob:https://a/b)",
        "[x](/logout)",
        "[x](//evil.test)",
        "[x](#id)",
        "[x](https://a.test/\"onmouseover=alert(1))",
        "[x](https://a.test 'a\" onclick=\"alert(1)')",
        "[x](https://a.test){onclick=alert(1)}",
        "# Title {#id .class onclick=alert(1)}",
        "**x**{hx-get=/logout}",
        "<javascript:alert(1)>",
        "<https://a.test/\"><script>alert(1)</script>>",
        "<x@y.z\"onclick=alert(1)>",
        "javascript:alert(1) www.evil.test ftp://evil.test",
        "![x](https://evil.test/pixel.png)",
        "![x](http://evil.test/pixel.png \"t\")",
        "![x](//evil.test/pixel.png)",
        "![x](data:image/svg+xml,<svg onload=alert(1)>)",
        "![x](javascript:alert(1))",
        "![x](/files/../logout)",
        "![x](/files/%2e%2e/logout)",
        "![x](/files//evil.test)",
        "![x](/files\\..\\logout)",
        "![\"onerror=alert(1) x=\"](/files/a.png)",
        "![a](/files/a.png \"\\\" onload=alert(1)\")",
        "![v](https://evil.test/v.mp4)",
        "![y](https://www.youtube.com/watch?v=1)",
        "[![x](https://evil.test/a.png)](https://good.test)",
        "[a]: javascript:alert(1)\n\n[a]",
        "[a]: https://evil.test/x.png\n\n![a]",
        "[^1]: note\n\n[^1]",
        "```html\"onclick=alert(1)\n<script>alert(1)</script>\n```",
        "```\"><script>alert(1)</script>\nx\n```",
        "```x hx-get=/logout class=y\nx\n```",
        "- ```\"><img/src=x/onerror=alert(1)>\n  x\n  ```",
        "```mermaid\ngraph TD; A[\"<img src=x onerror=alert(1)>\"]\n```",
        "$<img src=x onerror=alert(1)>$",
        "$$\n\\href{javascript:alert(1)}{x}<script>\n$$",
        "\\(</span><script>alert(1)</script>\\)",
        "| <script>a</script> | [x](javascript:1) |\n|---|---|\n| <img src=x onerror=1> | b |",
        "- [ ] <input onfocus=alert(1) autofocus>",
        "~~<b onclick=1>~~",
        "`<img src=x onerror=alert(1)>`",
        "&lt;script&gt;alert(1)&lt;/script&gt;",
        "&#60;img src=x onerror=alert(1)&#62;",
        "    <script>alert(1)</script>",
        "^^^\n<script>\n^^^",
        ":::note {onclick=alert(1)}\nx\n:::",
        "---\ntitle: <script>\n---",
        "Term\n: <b onclick=1>",
        "*[HTML]: <b onclick=1>\n\nHTML",
        "<a id=x name=y class=z style=color:red>t</a>",
        "\0<scr\0ipt>alert(1)</scr\0ipt>",
    ];

    [Theory]
    [MemberData(nameof(Payloads))]
    public void X01_nothing_in_it_lives(string payload)
    {
        Assert.Empty(Alive(Answers.Page(payload)));
        Assert.Empty(Alive(Answers.Page($"Text {payload} text\n\n> {payload}\n\n- {payload}\n\n| a |\n|---|\n| {payload} |\n")));
    }

    [Theory]
    [MemberData(nameof(Payloads))]
    public void X01_nothing_lives_while_it_arrives(string payload)
    {
        var page = Answers.Page("");
        var stream = new MarkdownStream(Answers.Renderer, "a");
        foreach (var character in payload)
        {
            stream.Append(character.ToString());
            page.Apply(stream.Render());
            Assert.Empty(Alive(page));
        }
    }

    [Fact]
    public void X01_nothing_in_the_corpus_of_markdown_it_lives() =>
        Assert.All(TestData.MarkdownIt("mdit_xss.txt"), example => Assert.Empty(Alive(Answers.Page(example.Markdown))));

    [Fact]
    public void X01_nothing_in_the_examples_of_CommonMark_lives() =>
        Assert.All(TestData.CommonMark(), example => Assert.Empty(Alive(Answers.Page(example.Markdown))));

    /// <summary>The oracle sees what it should: each of these is found alive when it is put into a page as it stands.</summary>
    [Theory]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("<img src=x onerror=alert(1)>")]
    [InlineData("<div hx-get=/logout hx-trigger=load></div>")]
    [InlineData("<div data-hx-get=/logout></div>")]
    [InlineData("<a href=\"javascript:alert(1)\">x</a>")]
    [InlineData("<a href=\"/logout\">x</a>")]
    [InlineData("<img src=\"https://evil.test/a.png\" alt=\"\">")]
    [InlineData("<img src=\"/files/../logout\" alt=\"\">")]
    [InlineData("<p style=\"color:red\">x</p>")]
    [InlineData("<p id=\"composer\">x</p>")]
    [InlineData("<p class=\"toast\">x</p>")]
    [InlineData("<p autofocus>x</p>")]
    public void The_oracle_finds_what_lives(string html) =>
        Assert.NotEmpty(Alive(Answers.Parse(html).GetElementById("answer")!));

    [Fact]
    public void A_link_opens_outside_and_tells_nothing()
    {
        var link = Answers.Page("[x](https://a.test/?q=1&r=2 \"T\")").QuerySelector("a")!;
        Assert.Equal("https://a.test/?q=1&r=2", link.GetAttribute("href"));
        Assert.Equal("noopener noreferrer nofollow ugc", link.GetAttribute("rel"));
        Assert.Equal("_blank", link.GetAttribute("target"));
    }

    [Fact]
    public void X06_a_foreign_image_becomes_a_link_that_names_its_host()
    {
        var answer = Answers.Page("![Chart](https://cdn.evil.test/a.png?secret)");
        Assert.Empty(answer.QuerySelectorAll("img"));
        Assert.Equal("Chart (Image at cdn.evil.test)", answer.QuerySelector("a")!.TextContent);
    }

    [Fact]
    public void An_image_of_ours_is_shown() =>
        Assert.Equal("/files/0199-a/plot.png", Answers.Page("![Plot](/files/0199-a/plot.png)").QuerySelector("img")!.GetAttribute("src"));

    /// <summary>What lives in an answer.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="idPrefix">What its ids begin with.</param>
    internal static string[] Alive(IElement answer, string idPrefix = "a") =>
        [.. answer.QuerySelectorAll("*").SelectMany(element => Faults(element, idPrefix)).Select(fault => fault + " in " + answer.InnerHtml)];

    private static IEnumerable<string> Faults(IElement element, string idPrefix)
    {
        if (!AllowedElements.Contains(element.LocalName)) yield return "element " + element.LocalName;
        foreach (var attribute in element.Attributes)
        {
            if (!AllowedAttributes.Contains(attribute.Name)) yield return "attribute " + attribute.Name;
        }

        if (element.GetAttribute("href") is { } href && !IsOutside(href)) yield return "link " + href;
        if (element.GetAttribute("src") is { } src && !IsOurs(src)) yield return "image " + src;
        if (element.GetAttribute("id") is { } id && !Regex.IsMatch(id, $"^{idPrefix}-b[0-9]+(-code|-c[0-9]+)?$")) yield return "id " + id;
        foreach (var name in element.ClassList)
        {
            if (!Regex.IsMatch(name, "^(block|math|plain|table-frame|cell--(center|right)|code(__[a-z]+(--[a-z]+)?)?|language-[a-z0-9+#._-]+|contains-task-list|task-list-item)$"))
                yield return "class " + name;
        }
    }

    private static bool IsOutside(string href) => new[] { "http://", "https://", "mailto:" }.Any(scheme => href.StartsWith(scheme, StringComparison.OrdinalIgnoreCase));

    private static bool IsOurs(string src) => new Uri(new Uri("https://calango.test"), src) is { Host: "calango.test" } uri && uri.AbsolutePath.StartsWith("/files/");
}
