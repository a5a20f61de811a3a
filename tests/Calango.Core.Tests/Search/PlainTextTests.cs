using System.Diagnostics;
using Calango.Core.Search;
using Calango.Tests.Fixtures;

namespace Calango.Core.Tests.Search;

public sealed class PlainTextTests
{
    [Theory]
    [InlineData("Some **bold**, *slanted*, __strong__, _soft_ and ~~gone~~ words", "Some bold, slanted, strong, soft and gone words")]
    [InlineData("***both*** and **a *b* c**", "both and a b c")]
    [InlineData("**over\ntwo** lines", "over two lines")]
    [InlineData("Use `git rebase` or ``a ` b``", "Use git rebase or a ` b")]
    [InlineData("# Title\n## Part ##\n### C#\ntext\n====", "Title Part C# text")]
    [InlineData("- one\n* two\n  + three\n1. four\n- [x] done\n- [ ] open", "one two three 1. four done open")]
    [InlineData("> quoted\n> > - **deep**\n\n---\n***\nend", "quoted deep end")]
    [InlineData("| City | Size |\n|:-----|-----:|\n| **Rome** | `2` |", "City Size Rome 2")]
    [InlineData("City | Size\n--- | ---\nRome | 2\n\na | b", "City Size Rome 2 a | b")]
    [InlineData("```cs\nvar a = b * c | d; // **x** <b>\n```\nafter", "var a = b * c | d; // **x** <b> after")]
    [InlineData("~~~\n```\n~~~\n*x*", "``` x")]
    [InlineData("[the docs](https://example.org/a_(b) \"T\") and ![a cat](/files/1) and [![in](a)](b)", "the docs and a cat and in")]
    [InlineData("see <https://example.org/x_y_z> and [not a link] and a[0] (so)", "see https://example.org/x_y_z and [not a link] and a[0] (so)")]
    [InlineData("<b>ca</b>lango<br>sleeps <img src=x onerror=alert(1)><!-- no --><p class=\"a\">here</p>", "calango sleeps here")]
    [InlineData("a < b, b > c, List<T>, x <- y, <3", "a < b, b > c, List<T>, x <- y, <3")]
    [InlineData("&lt;script&gt; &amp; &quot;q&quot; &nope; & so; &#1;", "<script> & \"q\" &nope; & so;")]
    [InlineData("\\*kept\\* 2 * 3 snake_case_name 5* hotel _ * `open", "*kept* 2 * 3 snake_case_name 5* hotel _ * `open")]
    [InlineData("**東京**は*とても*大きい `مرحبا` **Привет**", "東京はとても大きい مرحبا Привет")]
    [InlineData("a\r\n\r\n**b**\r\n```\r\nc\r\n```\r\n\0d", "a b c d")]
    [InlineData("", "")]
    public void Markdown_is_read_without_its_signs(string markdown, string expected) => Assert.Equal(expected, OneLine(PlainText.Of(markdown)));

    [Theory]
    [InlineData("*a ")]
    [InlineData("**a_")]
    [InlineData("[")]
    [InlineData("](")]
    [InlineData("](<")]
    [InlineData("[a](")]
    [InlineData("`a``b```c````d")]
    [InlineData("<!--")]
    [InlineData("<a ")]
    [InlineData("<<b>")]
    [InlineData("&amp")]
    [InlineData("> > - ")]
    [InlineData("|-\n")]
    [InlineData("a|\n")]
    [InlineData("```\n")]
    [InlineData("\\")]
    [InlineData("\uD83D*")]
    public void A_hostile_text_takes_no_longer_than_another_of_its_length(string part)
    {
        var text = string.Concat(Enumerable.Repeat(part, MessageIndex.MaxIndexedLength / part.Length));
        var stopwatch = Stopwatch.StartNew();

        var plain = PlainText.Of(text);

        Assert.InRange(plain.Length, 0, text.Length + 1);
        // Some milliseconds; where the time grows with the square of the length it is minutes.
        Assert.InRange(stopwatch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(3));
    }

    [EachDatabase]
    public async Task A_snippet_shows_what_the_message_says_and_marks_the_words(DatabaseKind kind)
    {
        await using var chats = await SearchableChats.CreateAsync(kind);
        await chats.AddAsync("A **title**", "## Lizards\n\nA **gecko** | `lizard` has <i>sticky</i> feet.", "| gecko | legs |\n|---|---|\n| tokay | **4** |");

        var hits = (await chats.FindAsync("gecko")).Hits.Select(hit => hit.Snippet).Order(StringComparer.Ordinal);
        var title = Assert.Single((await chats.FindAsync("title")).Hits);

        Assert.Equal(["\u0001gecko\u0002 legs tokay 4", "Lizards A \u0001gecko\u0002 | lizard has sticky feet."], hits);
        // A title is shown as it is everywhere.
        Assert.Equal("A **\u0001title\u0002**", title.Snippet);
    }

    [EachDatabase]
    public async Task A_word_that_stands_in_a_links_address_alone_is_shown_there(DatabaseKind kind)
    {
        await using var chats = await SearchableChats.CreateAsync(kind);
        await chats.AddAsync(null, "Read [this](https://example.org/volcano).");

        Assert.Contains("\u0001volcano\u0002", Assert.Single((await chats.FindAsync("volcano")).Hits).Snippet, StringComparison.Ordinal);
    }

    private static string OneLine(string text) => Snippet.Of(text, []);
}
