using AngleSharp.Html.Dom;
using Calango.Tests.Fixtures;
using Calango.Tests.Support.Upstream;

namespace Calango.Web.Tests.Models;

public sealed class PriceTests
{
    private static CancellationToken CancellationToken => TestContext.Current.CancellationToken;

    [EachDatabase]
    public async Task A_price_that_is_entered_counts_from_the_next_answer_on(DatabaseKind kind)
    {
        await using var app = await TestApp.StartAsync(kind);
        app.Upstream.Default = new UpstreamReply { Usage = true, Tokens = 20 };
        using var ana = app.Visit();
        Assert.DoesNotContain("US$", await AskAsync(app, ana), StringComparison.Ordinal);

        await ana.PostAsync(PriceUrl(await ana.GetAsync("/models", CancellationToken)), CancellationToken,
            ("_method", "PUT"), ("inputPrice", "1000"), ("outputPrice", "2000"), ("contextTokens", ""));

        // 7 tokens in and 20 out.
        Assert.Contains("US$ 0.047", await AskAsync(app, ana), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_price_below_nothing_is_refused_and_what_was_typed_is_kept()
    {
        await using var app = await TestApp.StartAsync();
        using var ana = app.Visit();

        var page = await ana.PostAsync(PriceUrl(await ana.GetAsync("/models", CancellationToken)), CancellationToken,
            ("_method", "PUT"), ("inputPrice", "-3"), ("outputPrice", "2"), ("contextTokens", ""));

        Assert.Equal("-3", ((IHtmlInputElement)page.QuerySelector("#inputPrice")!).Value);
        Assert.NotNull(page.QuerySelector("#inputPrice-error"));
        Assert.Null(page.QuerySelector("#outputPrice-error"));
    }

    [Fact]
    public async Task Titles_can_be_left_to_no_model()
    {
        await using var app = await TestApp.StartAsync();
        using var ana = app.Visit();

        var page = await ana.PostAsync("/models/titles", CancellationToken, ("_method", "PUT"), ("Mode", "Off"));
        Assert.True(((IHtmlInputElement)page.QuerySelector("#titles-Off")!).IsChecked);
        await AskAsync(app, ana);
        var chat = ana.Path;

        await Eventually.HoldsAsync(
            "the first words are the title",
            async () => (await ana.GetAsync(chat, CancellationToken)).QuerySelector("#title")!.TextContent.Contains("Hello", StringComparison.Ordinal),
            CancellationToken);
        Assert.Single(app.Upstream.Requests);
    }

    private static string PriceUrl(IHtmlDocument page) => page.QuerySelector(".row a")!.GetAttribute("href")!;

    private static async Task<string> AskAsync(TestApp app, Visitor visitor)
    {
        await visitor.PostAsync("/messages", CancellationToken, ("Text", "Hello"), ("Model", app.Model.ToString()));
        return (await visitor.WholeAsync(visitor.Path, answers: 1, CancellationToken)).QuerySelector(".facts")!.TextContent;
    }
}
