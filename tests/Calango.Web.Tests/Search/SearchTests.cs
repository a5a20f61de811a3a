using System.Globalization;
using Calango.Tests.Fixtures;
using Calango.Tests.Support.Upstream;

namespace Calango.Web.Tests.Search;

public sealed class SearchTests
{
    private static CancellationToken CancellationToken => TestContext.Current.CancellationToken;

    [EachDatabase]
    public async Task A_hit_is_marked_and_leads_to_its_message(DatabaseKind kind)
    {
        await using var app = await TestApp.StartAsync(kind);
        using var ana = app.Visit();
        await AskAsync(app, ana, "Where does the <b>calango</b> sleep?", "Under a warm stone.");

        var results = await ana.GetAsync("/search?q=stone", CancellationToken);
        var hit = results.QuerySelector("main [data-hit][href*='#message']")!;
        Assert.Equal("stone", hit.QuerySelector("mark")!.TextContent);
        Assert.Equal("Under a warm stone.", hit.QuerySelector(".hit__text")!.TextContent);

        var url = hit.GetAttribute("href")!;
        var chat = await ana.GetAsync(url, CancellationToken);
        Assert.Contains("Under a warm stone.", chat.QuerySelector(url[url.IndexOf('#', StringComparison.Ordinal)..])!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_is_looked_stands_in_the_form_and_in_the_addresses_of_all_pages_of_results()
    {
        await using var app = await TestApp.StartAsync();
        using var ana = app.Visit();
        for (var chat = 0; chat < 11; chat++)
        {
            await AskAsync(app, ana, $"gecko {chat}", "A gecko answers.");
        }

        var today = TimeProvider.System.GetLocalNow().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var asked = $"model={app.Model.ModelId}&from={today}&archived=false";
        var first = await ana.GetAsync($"/search?q=gecko&{asked}", CancellationToken);
        var more = first.QuerySelector(".hits__more")!.GetAttribute("href")!;

        Assert.Equal(20, first.QuerySelectorAll("main [data-hit]").Length);
        Assert.True(first.QuerySelector("main .where")!.HasAttribute("open"));
        Assert.Equal(app.Model.ModelId, first.QuerySelector("#where-model [selected]")!.GetAttribute("value"));
        Assert.Equal(today, first.QuerySelector("#where-from")!.GetAttribute("value"));
        Assert.Contains(asked.Split('&')[0], more, StringComparison.Ordinal);
        // Of each chat the title, the question and the answer.
        Assert.Equal(33 - 20, (await ana.GetAsync(more, CancellationToken)).QuerySelectorAll("main [data-hit]").Length);
        Assert.Empty((await ana.GetAsync("/search?q=gecko&model=another", CancellationToken)).QuerySelectorAll("main [data-hit]"));
        Assert.Empty((await ana.GetAsync($"/search?q=gecko&to=2020-01-01", CancellationToken)).QuerySelectorAll("main [data-hit]"));
        Assert.NotEmpty((await ana.GetAsync("/search?q=gecko&from=when&folder=where", CancellationToken)).QuerySelectorAll("main [data-hit]"));
    }

    [Fact]
    public async Task What_was_found_is_text_and_never_markup()
    {
        await using var app = await TestApp.StartAsync();
        using var ana = app.Visit();
        await AskAsync(app, ana, "<img src=x onerror=alert(1)> gecko", "Yes.");

        var results = await ana.GetAsync("/search?q=gecko", CancellationToken);

        Assert.NotEmpty(results.QuerySelectorAll("main [data-hit]"));
        Assert.Null(results.QuerySelector("[data-hit] img"));
    }

    [Fact]
    public async Task A_search_for_nothing_and_one_that_finds_nothing_say_so()
    {
        await using var app = await TestApp.StartAsync();
        using var ana = app.Visit();

        Assert.Empty((await ana.GetAsync("/search?q=%20", CancellationToken)).QuerySelectorAll("[data-hit]"));
        Assert.Contains("zebra", (await ana.GetAsync("/search?q=zebra", CancellationToken)).QuerySelector("main [role=status]")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task More_results_follow_where_the_first_ones_end()
    {
        await using var app = await TestApp.StartAsync();
        using var ana = app.Visit();
        for (var chat = 0; chat < 11; chat++)
        {
            await AskAsync(app, ana, $"gecko {chat}", "A gecko answers.");
        }

        var first = await ana.GetAsync("/search?q=gecko", CancellationToken);
        var more = first.QuerySelector(".hits__more")!.GetAttribute("href")!;
        var second = await ana.GetAsync(more, CancellationToken);

        var seen = first.QuerySelectorAll("main [data-hit]").Concat(second.QuerySelectorAll("main [data-hit]")).Select(hit => hit.GetAttribute("href")).ToList();
        Assert.Equal(seen.Count, seen.Distinct().Count());
        Assert.True(seen.Count >= 22);
    }

    private static async Task AskAsync(TestApp app, Visitor visitor, string question, string answer)
    {
        app.Upstream.Default = new UpstreamReply { Text = answer };
        await visitor.PostAsync("/messages", CancellationToken, ("Text", question), ("Model", app.Model.ToString()));
        await visitor.WholeAsync(visitor.Path, answers: 1, CancellationToken);
    }
}
