using Calango.Web.Markdown;

namespace Calango.Web.Tests.Markdown;

/// <summary>What a reader gets, with or without script.</summary>
public sealed class AnswerHtmlTests
{
    [Fact]
    public void A_code_block_names_its_language_and_has_named_buttons()
    {
        var code = Answers.Page("```C#\nvar a = 1 < 2;\n```").QuerySelector("figure.code")!;
        Assert.Equal("C#", code.QuerySelector(".code__language")!.TextContent);
        Assert.Equal("language-c#", code.QuerySelector("code")!.ClassName);
        Assert.Equal("var a = 1 < 2;\n", code.QuerySelector("code")!.TextContent);
        Assert.Equal(["Copy", "Wrap lines"], code.QuerySelectorAll("button").Select(button => button.GetAttribute("aria-label")));
    }

    [Theory]
    [InlineData("```\nx\n```", "Code", null)]
    [InlineData("```python title=\"a.py\"\nx\n```", "python", "language-python")]
    [InlineData("- ```sh\n  x\n  ```", "sh", "language-sh")]
    [InlineData("    x\n", "Code", null)]
    public void A_language_is_a_word_and_a_class(string markdown, string label, string? className)
    {
        var code = Answers.Page(markdown).QuerySelector("figure.code")!;
        Assert.Equal(label, code.QuerySelector(".code__language")!.TextContent);
        Assert.Equal(className, code.QuerySelector("code")!.GetAttribute("class"));
        Assert.Equal("x\n", code.QuerySelector("code")!.TextContent);
    }

    [Fact]
    public void A_diagram_is_code_until_a_script_draws_it()
    {
        var diagram = Answers.Page("```mermaid\ngraph TD; A-->B\n```").QuerySelector("figure[data-diagram]")!;
        Assert.Equal("graph TD; A-->B\n", diagram.QuerySelector("code")!.TextContent);
        Assert.Equal("Show source", diagram.GetAttribute("data-show-source"));
    }

    [Theory]
    [InlineData("$E = mc^2$", "E = mc^2", "")]
    [InlineData("so \\(a_1 * b_1\\) holds", "a_1 * b_1", "")]
    [InlineData("so \\[a_1\\] holds", "a_1", "display")]
    [InlineData("Then\n$$\nx\n- y\n$$\nend", "x\n- y", "display")]
    [InlineData("\\[\n\\frac{1}{2} \\\\ x\n\\]", "\\frac{1}{2} \\\\ x", "display")]
    [InlineData("1. step\n\n   $$x < y$$", "x < y", "display")]
    [InlineData("| a |\n|---|\n| $|x|$ |\n", "|x|", "")]
    public void A_formula_keeps_its_TeX(string markdown, string tex, string kind)
    {
        var formula = Assert.Single(Answers.Page(markdown).QuerySelectorAll("[data-math]"));
        Assert.Equal(tex, formula.TextContent);
        Assert.Equal(kind, formula.GetAttribute("data-math"));
    }

    [Theory]
    [InlineData("It costs $5 or $10.")]
    [InlineData("Between $5-$10 a month")]
    [InlineData("`$HOME` and $PATH and $x")]
    [InlineData("\\$a\\$ and US$5, A$6")]
    [InlineData("`$a$`")]
    public void Money_and_variables_are_not_formulas(string markdown) =>
        Assert.Empty(Answers.Page(markdown).QuerySelectorAll("[data-math]"));

    [Fact]
    public void A_table_scrolls_by_keyboard_and_aligns_by_class()
    {
        var frame = Answers.Page("| a | b |\n|:-:|--:|\n| 1 | `x\\|y` |\nSource: us").QuerySelector(".table-frame")!;
        Assert.Equal("0", frame.GetAttribute("tabindex"));
        Assert.Equal("Table", frame.GetAttribute("aria-label"));
        Assert.Equal(["cell--center", "cell--right"], frame.QuerySelectorAll("td").Select(cell => cell.ClassName));
        Assert.Equal("x|y", frame.QuerySelector("td code")!.TextContent);
        Assert.Equal("P", frame.ParentElement!.NextElementSibling!.FirstElementChild!.NodeName);
    }

    [Fact]
    public void A_task_is_a_box_with_a_name_that_cannot_be_clicked()
    {
        var boxes = Answers.Page("- [x] a\n- [ ] b").QuerySelectorAll("input");
        Assert.All(boxes, box => Assert.True(box.HasAttribute("disabled")));
        Assert.Equal(["Done", "To do"], boxes.Select(box => box.GetAttribute("aria-label")));
    }

    [Fact]
    public void A_reference_definition_is_shown_as_it_was_written() =>
        Assert.Contains("[1]: https://a.test/x", Answers.Page("See [1].\n\n[1]: https://a.test/x\n").TextContent);

    [Fact]
    public void Only_the_last_block_of_a_running_answer_is_open()
    {
        var running = Answers.Parse(Answers.Renderer.RenderAll("One.\n\nTwo.\n\nThr", "a", ended: false));
        Assert.Equal("a-b2", Assert.Single(running.QuerySelectorAll("[data-open]")).Id);
        Assert.Empty(Answers.Page("One.\n\nTw").QuerySelectorAll("[data-open]"));
    }

    [Theory]
    [InlineData("List:\n-")]
    [InlineData("Text\n##")]
    [InlineData("Text\n``")]
    [InlineData("Text\n1.")]
    public void A_line_that_may_become_anything_waits(string markdown)
    {
        var stream = new MarkdownStream(Answers.Renderer, "a");
        stream.Append(markdown);
        var update = Assert.Single(stream.Render());
        Assert.Contains($"<p>{markdown.Split('\n')[0]}</p>", update.Html);
    }
}
