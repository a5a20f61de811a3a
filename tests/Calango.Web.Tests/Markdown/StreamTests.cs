using Calango.Web.Markdown;
using FsCheck;
using FsCheck.Fluent;

namespace Calango.Web.Tests.Markdown;

/// <summary>A page that follows an answer ends up as the page that is opened after it.</summary>
public sealed class StreamTests
{
    [Fact]
    public void Following_an_answer_from_any_point_gives_the_finished_page() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(1500), Prop.ForAll(Splits(Corpus.Answers).ToArbitrary(), FollowsToTheEnd));

    [Fact]
    public void Following_a_CommonMark_example_from_any_point_gives_the_finished_page()
    {
        var examples = TestData.CommonMark().Select(example => example.Markdown)
            .Concat(TestData.MarkdownIt("mdit_tables.txt").Select(example => example.Markdown)).ToArray();
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(3000), Prop.ForAll(Splits(examples).ToArbitrary(), FollowsToTheEnd));
    }

    [Fact]
    public void Following_random_markup_from_any_point_gives_the_finished_page()
    {
        string[] words = ["a", "b c", " ", "  ", "   ", "    ", "\n", "\n", "\n\n", "\r\n", "- ", "1. ", "2. ", "> ", "# ", "```", "~~~", "`",
            "---", "===", "*", "**", "_", "|", "|-|-|", "$$", "$", "\\[", "\\]", "[", "]", "](http://x)", ":", "😀", "\ud83d", "\ude00", "<b>", "\t"];
        var texts = Gen.Elements(words).ListOf(40).Select(parts => string.Concat(parts));
        var splits = texts.SelectMany(text => SplitsOf(text));
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(4000), Prop.ForAll(splits.ToArbitrary(), FollowsToTheEnd));
    }

    [Fact]
    public void An_update_applied_twice_changes_nothing()
    {
        foreach (var text in Corpus.Answers)
        {
            var once = Answers.Page("");
            var twice = Answers.Page("");
            var stream = new MarkdownStream(Answers.Renderer, "a");
            foreach (var part in text.Chunk(97))
            {
                stream.Append(new string(part));
                var updates = stream.Render();
                once.Apply(updates);
                twice.Apply(updates);
                twice.Apply(updates);
                Assert.Equal(once.Shape(), twice.Shape());
            }
        }
    }

    [Theory]
    [InlineData("42", false)]
    [InlineData("42. ", false)]
    [InlineData("42 is", true)]
    [InlineData("3.14", true)]
    [InlineData("1234567890", true)]
    [InlineData("~1234567890 ", true)]
    [InlineData("> - 7)", false)]
    [InlineData("**", false)]
    public void What_may_still_become_a_mark_is_held_back_and_nothing_else(string beginning, bool isShown)
    {
        var stream = new MarkdownStream(Answers.Renderer, "a");
        stream.Append(beginning);

        Assert.Equal(isShown, stream.Render().Count > 0);
        Assert.NotEmpty(stream.Render(ended: true));
    }

    [Fact]
    public void No_view_ever_shows_half_a_character()
    {
        var stream = new MarkdownStream(Answers.Renderer, "a");
        foreach (var half in "A 😀 in ```\n😀\n```\n😀")
        {
            stream.Append(half.ToString());
            Assert.All(stream.Render(), update => Assert.DoesNotContain('\uFFFD', update.Html));
            Assert.All(stream.Render(), update => Assert.True(update.Html.IsNormalized()));
        }
    }

    [Theory]
    [InlineData("A paragraph of a few words, as models write them.\n\n")]
    [InlineData("- an item of a list that never ends\n")]
    [InlineData("1. an item of a list that never ends\n")]
    [InlineData("| a cell | another |\n", "| a | b |\n|---|---|\n")]
    [InlineData("var answer = 42;\n", "```cs\n")]
    [InlineData("> a quote that never ends\n")]
    [InlineData("no line end at all, ever ")]
    [InlineData("xxxxxxxxxxxxxxxxxxxxxxxx", "```\n")]
    public void A_long_answer_costs_linear_time(string part, string start = "")
    {
        var short_ = Rendered(start, part, 1_000);
        var long_ = Rendered(start, part, 8_000);
        Assert.InRange(long_ / (double)short_, 4, 11);
    }

    [Fact]
    public void What_the_page_shows_already_is_not_sent_again()
    {
        var stream = new MarkdownStream(Answers.Renderer, "a");
        stream.Skip("First.\n\nSecond.\n\n```cs\nvar x");
        Assert.Empty(stream.Render());

        stream.Append(" = 1;\n```\n");
        Assert.Equal(["a-b2-c0"], stream.Render().Select(update => update.Id));
    }

    [Fact]
    public void A_list_that_was_cut_goes_on_counting()
    {
        var lists = Answers.Page(string.Concat(Enumerable.Repeat("1. always one\n", 1_000))).QuerySelectorAll("ol");
        var next = 1;
        Assert.True(lists.Length > 1);
        foreach (var list in lists)
        {
            Assert.Equal(next, int.Parse(list.GetAttribute("start") ?? "1"));
            next += list.ChildElementCount;
        }

        Assert.Equal(1_001, next);
    }

    [Fact]
    public void A_prefix_that_could_break_out_of_its_attribute_is_refused()
    {
        Assert.Throws<ArgumentException>(() => new MarkdownStream(Answers.Renderer, "a\" onclick=\"x"));
        Assert.Throws<ArgumentException>(() => Answers.Renderer.RenderAll("x", "a b"));
        Assert.Throws<ArgumentException>(() => Answers.Renderer.RenderAll("```\nx", "a b"));
    }

    private static long Rendered(string start, string part, int times)
    {
        var stream = new MarkdownStream(Answers.Renderer, "a");
        stream.Append(start);
        var characters = 0L;
        for (var i = 0; i < times; i++)
        {
            stream.Append(part);
            if (i % 8 == 0) characters += stream.Render().Sum(update => (long)update.Html.Length);
        }

        return characters + stream.Render(ended: true).Sum(update => (long)update.Html.Length);
    }

    /// <summary>A text, what of it the page was first rendered with, and the size of the pieces in which the rest arrives.</summary>
    private sealed record Split(string Text, int Shown, int Size);

    private static Gen<Split> Splits(string[] texts) => Gen.Elements(texts).SelectMany(SplitsOf);

    private static Gen<Split> SplitsOf(string text) =>
        from shown in Gen.Choose(0, text.Length)
        from size in Gen.Choose(1, text.Length > 2_000 ? 2_000 : 12)
        select new Split(text, shown, size);

    private static void FollowsToTheEnd(Split split)
    {
        var stream = new MarkdownStream(Answers.Renderer, "a");
        var shown = split.Text[..split.Shown];
        stream.Skip(shown);
        var page = Answers.Parse(Answers.Renderer.RenderAll(shown, "a", ended: false)).GetElementById("answer")!;
        foreach (var part in split.Text[split.Shown..].Chunk(split.Size))
        {
            stream.Append(new string(part));
            page.Apply(stream.Render());
        }

        page.Apply(stream.Render(ended: true));
        Assert.Equal(Answers.Page(split.Text).Shape(), page.Shape());
    }
}
