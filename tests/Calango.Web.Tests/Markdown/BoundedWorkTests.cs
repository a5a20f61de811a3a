using System.Diagnostics;

namespace Calango.Web.Tests.Markdown;

/// <summary>No text, however hostile, keeps the server busy: the time grows with the length and no faster.</summary>
public sealed class BoundedWorkTests(ITestOutputHelper output)
{
    private const int Size = 250_000;

    /// <summary>Wide enough for a loaded machine; without a longest block these run for minutes or hours.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    public static readonly TheoryData<string> Units =
    [
        "[", "]", ">", "> ", "*", "*a ", "_a ", "**a ", "~~a", "`", "`a", "``a`", "![", "[a](", "[a](<", "](", "<", "<a", "<a@b.c", "\\", "\\(", "\\[", "$", "$a", "$$a", "|", "|a", "- ", "-\n",
        "1. ", "1.\n", "#", "# a\n", "&", "&a", "https://", "https://a.b/", "www.a.", "mailto:a", "  ", "\t", "\n", "a\n", "a|b\n-|-\n", "|-", "- a\n  ", "```\n", "~~~a\n", "x", "é", "😀", "\0", "\ud83d", "*_", "[*_`", "a*b_c~~", "- 1. ", "> - ", "[a](b) ", "*a_ ",
    ];

    [Theory]
    [MemberData(nameof(Units))]
    public void A_long_row_of_it_renders_in_bounded_time(string unit)
    {
        var text = string.Concat(Enumerable.Repeat(unit, Size / unit.Length));
        var clock = Stopwatch.StartNew();
        var html = Answers.Renderer.RenderAll(text, "a");
        output.WriteLine($"{unit.ReplaceLineEndings("\\n")}: {clock.ElapsedMilliseconds} ms, {html.Length} characters");
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, Limit);
        Assert.InRange(html.Length, 0, Size * 30);
    }

    [Theory]
    [InlineData("```\n")]
    [InlineData("```\na\n```\n")]
    [InlineData("> ```\n\n")]
    [InlineData("- ```\n")]
    [InlineData("- ```\n- ```\n- ```\n- ```\n- ```\n- ```\n- ```\n- ```\n\na\n\n")]
    [InlineData("    a\nb\n\n")]
    public void A_megabyte_of_code_blocks_is_no_page_of_many_megabytes(string unit)
    {
        var html = Answers.Renderer.RenderAll(string.Concat(Enumerable.Repeat(unit, 1_000_000 / unit.Length)), "a");

        output.WriteLine($"{unit.ReplaceLineEndings("\\n")}: {html.Length / 1_000_000.0:0.0} times");
        Assert.InRange(html.Length, 0, 25_000_000);
    }

    [Fact]
    public void Code_far_down_a_long_answer_is_still_code()
    {
        var page = Answers.Page(string.Concat(Enumerable.Repeat("```\na < b\n```\n\n", 1100)));

        Assert.Equal(1100, page.QuerySelectorAll("figure.code pre code").Count(code => code.TextContent == "a < b\n"));
    }

    [Theory]
    [InlineData("> ")]
    [InlineData("- ")]
    [InlineData("1. ")]
    [InlineData("[")]
    [InlineData("*a **b ")]
    public void Nesting_without_end_is_shown_as_it_was_written(string unit)
    {
        var text = string.Concat(Enumerable.Repeat(unit, 600)) + "end";
        Assert.Equal(text, Answers.Page(text).QuerySelector("p.plain")?.TextContent);
    }

    [Fact]
    public void Text_of_every_block_survives_the_cutting()
    {
        var words = string.Join(' ', Enumerable.Range(0, 20_000).Select(i => $"w{i}"));
        Assert.Equal(words, Answers.Page(words).TextContent.Replace("\n", "").Replace("  ", " ").TrimEnd(), ignoreAllWhiteSpace: true);
    }
}
