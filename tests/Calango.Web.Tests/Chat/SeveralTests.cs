using System.Net;
using Calango.Core.Models;
using Calango.Tests.Fixtures;
using Calango.Tests.Support.Upstream;

namespace Calango.Web.Tests.Chat;

/// <summary>One question to several models at once.</summary>
public sealed class SeveralTests
{
    private static CancellationToken CancellationToken => TestContext.Current.CancellationToken;

    [EachDatabase]
    public async Task UX_58_two_models_answer_side_by_side_at_once_and_the_chat_goes_on_with_the_answer_that_is_kept(DatabaseKind kind)
    {
        await using var app = await TestApp.StartAsync(kind, connected: false);
        app.Upstream.Models = ["gecko-large", "gecko-small"];
        var large = await app.ConnectAsync(app.Upstream);
        var small = new ModelRef(large.ConnectionId, "gecko-small");
        using var ana = app.Visit();
        await ana.PostAsync("/models/titles", CancellationToken, ("_method", "PUT"), ("Mode", "Off"));
        app.Upstream.Default = new UpstreamReply { Text = "One. Two. Three.", HoldAfter = 2 };

        await ana.PostAsync("/messages/several", CancellationToken, ("Text", "Which lizard?"), ("Models", large.ToString()), ("Models", small.ToString()));
        var url = ana.Path;
        await Eventually.HoldsAsync("both are asked at once", () => Task.FromResult(app.Upstream.Requests.Count == 2), CancellationToken);
        var going = await ana.GetAsync(url, CancellationToken);
        Assert.Equal(2, going.QuerySelectorAll(".comparison__answer[aria-busy=true]").Length);
        Assert.Single(going.QuerySelectorAll(".comparison__answer[sse-connect]"));
        app.Upstream.Release();
        var page = await ana.WholeAsync(url, answers: 2, CancellationToken);

        Assert.Equal(["1. gecko-large", "2. gecko-small"], page.QuerySelectorAll(".comparison__answer h2").Select(name => name.TextContent.Trim()));
        Assert.Equal(["gecko-large", "gecko-small"], app.Upstream.Requests.Select(request => request.Body.GetProperty("model").GetString()!).Order());
        await ana.PostAsync(page.QuerySelectorAll("[formaction*='/shown']")[1].GetAttribute("formaction")!, CancellationToken);
        var chat = await ana.GetAsync(url[..url.IndexOf("/messages", StringComparison.Ordinal)], CancellationToken);
        Assert.Contains("gecko-small", chat.QuerySelector(".message--answer .message__who")!.TextContent, StringComparison.Ordinal);
        Assert.Equal("2/2", chat.QuerySelector(".message--answer .siblings__place")!.TextContent);
        Assert.Equal(url, chat.QuerySelector(".siblings a[href$='/compared']")!.GetAttribute("href"));
    }

    [Fact]
    public async Task One_model_the_same_twice_and_five_are_refused_and_nothing_is_stored()
    {
        await using var app = await TestApp.StartAsync(connected: false);
        app.Upstream.Models = ["a", "b", "c", "d", "e"];
        var first = await app.ConnectAsync(app.Upstream);
        using var ana = app.Visit();

        foreach (var models in (string[][])[["a"], ["a", "a"], ["a", "b", "c", "d", "e"], []])
        {
            using var refused = await ana.TryPostAsync(
                "/messages/several", CancellationToken, [("Text", "Which?"), .. models.Select(model => ("Models", new ModelRef(first.ConnectionId, model).ToString()))]);
            Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
            Assert.Contains("two to 4", await refused.Content.ReadAsStringAsync(CancellationToken), StringComparison.Ordinal);
        }

        Assert.Empty((await ana.GetAsync("/conversations", CancellationToken)).QuerySelectorAll("#chats .chats__row"));
        Assert.Empty(app.Upstream.Requests);
    }

    [Fact]
    public async Task Stopping_one_of_them_leaves_the_other_and_a_deleted_chat_stops_both()
    {
        await using var app = await TestApp.StartAsync(connected: false);
        app.Upstream.Models = ["gecko-large", "gecko-small"];
        var large = await app.ConnectAsync(app.Upstream);
        using var ana = app.Visit();
        app.Upstream.Default = new UpstreamReply { Text = "One. Two. Three.", HoldAfter = 2 };
        await ana.PostAsync("/messages/several", CancellationToken, ("Text", "Which?"), ("Models", large.ToString()), ("Models", new ModelRef(large.ConnectionId, "gecko-small").ToString()));
        var url = ana.Path;
        await Eventually.HoldsAsync("both are asked", () => Task.FromResult(app.Upstream.Requests.Count == 2), CancellationToken);
        var chat = url[..url.IndexOf("/messages", StringComparison.Ordinal)];
        var first = (await ana.GetAsync(url, CancellationToken)).QuerySelector(".comparison__answer")!.Id!["compared-".Length..];

        await ana.PostAsync($"/turns/{first}/stop", CancellationToken);
        var page = await ana.GetAsync(url, CancellationToken);
        Assert.Equal([null, "true"], page.QuerySelectorAll(".comparison__answer").Select(answer => answer.GetAttribute("aria-busy")));
        Assert.Equal("Stopped", page.QuerySelector(".comparison__answer")!.GetAttribute("data-state"));

        await ana.PostAsync(chat, CancellationToken, ("_method", "DELETE"));
        await Eventually.HoldsAsync("nobody listens to either", () => Task.FromResult(app.Upstream.Stats.Active == 0), CancellationToken);
    }
}
