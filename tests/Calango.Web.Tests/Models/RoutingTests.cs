using System.Net;
using AngleSharp.Html.Dom;
using Calango.Tests.Fixtures;
using Calango.Tests.Support.Upstream;

namespace Calango.Web.Tests.Models;

/// <summary>What a person sees and sets of whom a turn asks.</summary>
public sealed class RoutingTests
{
    private static CancellationToken CancellationToken => TestContext.Current.CancellationToken;

    [EachDatabase]
    public async Task A_fallback_is_chosen_without_scripts_and_named_by_the_answer_and_its_trace(DatabaseKind kind)
    {
        await using var app = await TestApp.StartAsync(kind);
        await using var other = await ScriptedUpstream.StartAsync();
        other.Models = ["gecko-small"];
        var fallback = await app.ConnectAsync(other);
        using var ana = app.Visit();
        await ana.PostAsync("/models/titles", CancellationToken, ("_method", "PUT"), ("Mode", "Off"));

        var models = await ana.PostAsync("/models/fallbacks", CancellationToken, ("_method", "PUT"), ("model", fallback.ToString()), ("model", ""), ("model", fallback.ToString()));
        Assert.Equal([fallback.ToString(), "", ""], models.QuerySelectorAll("#fallbacks select").Cast<IHtmlSelectElement>().Select(select => select.Value));
        app.Upstream.Enqueue(new UpstreamReply { Status = 401 });
        var answer = await AskAsync(ana, app.Model.ToString());
        var chat = ana.Path;

        Assert.Equal("gecko-small in place of fake", Squeezed(answer.QuerySelector(".message__who")!.TextContent));
        var trace = await ana.GetAsync(answer.QuerySelector(".facts a")!.GetAttribute("href")!, CancellationToken);
        Assert.Equal(["fake", "gecko-small"], trace.QuerySelectorAll("tbody tr").Select(row => row.Children[1].TextContent));

        await ana.PostAsync("/preferences", CancellationToken, ("language", "pt-BR"));
        var inPortuguese = await ana.GetAsync(chat, CancellationToken);
        Assert.Equal("gecko-small no lugar de fake", Squeezed(inPortuguese.QuerySelector(".message__who")!.TextContent));
    }

    [Fact]
    public async Task How_much_a_connection_takes_at_once_is_set_in_its_form()
    {
        await using var app = await TestApp.StartAsync();
        using var ana = app.Visit();
        var url = $"/models/connections/{app.Model.ConnectionId}";

        var refused = await ana.PostAsync(url, CancellationToken, [.. ConnectionFields.Of(app.Upstream.Address.ToString()), ("MaxConcurrent", "0"), ("Pool", "twins")]);
        Assert.Equal("0", ((IHtmlInputElement)refused.QuerySelector("#maxConcurrent")!).Value);
        Assert.Equal("true", refused.QuerySelector("#maxConcurrent")!.GetAttribute("aria-invalid"));
        Assert.True(refused.QuerySelector("#maxConcurrent")!.Closest("details")!.HasAttribute("open"));

        await ana.PostAsync(url, CancellationToken, [.. ConnectionFields.Of(app.Upstream.Address.ToString()), ("MaxConcurrent", "3"), ("Pool", " twins ")]);
        var saved = await ana.GetAsync(url, CancellationToken);
        Assert.Equal(("3", "twins"), (((IHtmlInputElement)saved.QuerySelector("#maxConcurrent")!).Value, ((IHtmlInputElement)saved.QuerySelector("#pool")!).Value));
    }

    [Fact]
    public async Task The_connections_row_says_how_many_calls_go_on_and_wait()
    {
        await using var app = await TestApp.StartAsync();
        using var ana = app.Visit();
        await ana.PostAsync("/models/titles", CancellationToken, ("_method", "PUT"), ("Mode", "Off"));
        await ana.PostAsync($"/models/connections/{app.Model.ConnectionId}", CancellationToken, [.. ConnectionFields.Of(app.Upstream.Address.ToString()), ("MaxConcurrent", "1")]);
        var before = await ana.GetAsync("/models", CancellationToken);
        Assert.Equal("", TrafficOf(before));
        var poll = before.QuerySelector("#traffic")!.GetAttribute("hx-get")!;
        Assert.Equal(HttpStatusCode.NoContent, (await LookAgainAsync(ana, poll)).Status);

        app.Upstream.Enqueue(new UpstreamReply { HoldAfter = 1 });
        await ana.PostAsync("/messages", CancellationToken, ("Text", "First"), ("Model", app.Model.ToString()));
        await app.Upstream.NextRequestAsync(CancellationToken);
        await ana.PostAsync("/messages", CancellationToken, ("Text", "Second"), ("Model", app.Model.ToString()));
        await Eventually.HoldsAsync("the second waits", async () => TrafficOf(await ana.GetAsync("/models", CancellationToken)) == "1 of 1 calls under way 1 waits in line", CancellationToken);

        var (status, changed) = await LookAgainAsync(ana, poll);
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Contains($"id=\"traffic-{app.Model.ConnectionId}\"", changed, StringComparison.Ordinal);
        Assert.Contains("hx-swap-oob=\"true\"", changed, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_connections_row_says_until_when_it_rests()
    {
        await using var app = await TestApp.StartAsync();
        using var ana = app.Visit();
        app.Upstream.Enqueue([.. Enumerable.Repeat(new UpstreamReply { Status = 503, RetryAfter = 0 }, 20)]);
        foreach (var question in new[] { "One", "Two", "Three" })
        {
            await ana.PostAsync("/messages", CancellationToken, ("Text", question), ("Model", app.Model.ToString()));
            var chat = ana.Path;
            await Eventually.HoldsAsync("it failed", async () => (await ana.GetAsync(chat, CancellationToken)).QuerySelector("[data-state=Failed]") is not null, CancellationToken);
        }

        Assert.Matches("^Rests until [0-9]{1,2}:[0-9]{2}:[0-9]{2}.*: it failed too often$", TrafficOf(await ana.GetAsync("/models", CancellationToken)));
    }

    [Fact]
    public async Task An_answer_from_a_connection_that_rests_says_so_and_leads_to_it()
    {
        await using var app = await TestApp.StartAsync();
        using var ana = app.Visit();
        app.Upstream.Enqueue([.. Enumerable.Repeat(new UpstreamReply { Status = 503, RetryAfter = 0 }, 20)]);
        IHtmlDocument answer = null!;
        for (var i = 0; answer?.QuerySelector("[data-failure='connection.paused']") is null && i < 5; i++)
        {
            await ana.PostAsync("/messages", CancellationToken, ("Text", "Anyone?"), ("Model", app.Model.ToString()));
            var chat = ana.Path;
            await Eventually.HoldsAsync("it failed", async () => (answer = await ana.GetAsync(chat, CancellationToken)).QuerySelector("[data-state=Failed]") is not null, CancellationToken);
        }

        Assert.Matches("failed so often just now that it gets a rest. It is asked again in [0-9]+ s", answer!.QuerySelector("[data-failure='connection.paused']")!.TextContent);
        Assert.Equal($"/models/connections/{app.Model.ConnectionId}", answer.QuerySelector("[data-failure] a")!.GetAttribute("href"));
    }

    private static string TrafficOf(IHtmlDocument page) => Squeezed(page.QuerySelector(".traffic")!.TextContent);

    private static async Task<(HttpStatusCode Status, string Body)> LookAgainAsync(Visitor visitor, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { { "HX-Request", "true" } } };
        using var response = await visitor.Http.SendAsync(request, CancellationToken);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(CancellationToken));
    }

    private static async Task<IHtmlDocument> AskAsync(Visitor visitor, string model)
    {
        await visitor.PostAsync("/messages", CancellationToken, ("Text", "Hello"), ("Model", model));
        return await visitor.WholeAsync(visitor.Path, answers: 1, CancellationToken);
    }

    private static string Squeezed(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
