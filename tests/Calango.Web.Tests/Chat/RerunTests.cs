using System.Net;
using Calango.Tests.Fixtures;
using Calango.Tests.Support.Upstream;

namespace Calango.Web.Tests.Chat;

/// <summary>A request that is sent again as it was.</summary>
public sealed class RerunTests
{
    private static CancellationToken CancellationToken => TestContext.Current.CancellationToken;

    [EachDatabase]
    public async Task A_trace_is_run_again_as_it_was_and_both_answers_stand_side_by_side(DatabaseKind kind)
    {
        await using var app = await TestApp.StartAsync(kind);
        using var ana = app.Visit();
        await ana.PostAsync("/models/titles", CancellationToken, ("_method", "PUT"), ("Mode", "Off"));
        await ana.PostAsync("/messages", CancellationToken, ("Text", "Begin"), ("Model", app.Model.ToString()));
        var chat = ana.Path;
        await ana.WholeAsync(chat, answers: 1, CancellationToken);
        await ana.PostAsync($"{chat}/settings", CancellationToken, ("_method", "PUT"), ("SystemPrompt", "Be brief."), ("Temperature", "0.5"));
        app.Upstream.Enqueue(new UpstreamReply { Text = "The first answer" }, new UpstreamReply { Text = "Another answer" });
        await ana.PostAsync($"{chat}/messages", CancellationToken, ("Text", "Question"));
        var page = await ana.WholeAsync(chat, answers: 2, CancellationToken);
        await ana.PostAsync($"{chat}/settings", CancellationToken, ("_method", "PUT"), ("SystemPrompt", "Talk at length."));
        var trace = page.QuerySelectorAll(".facts a").Last().GetAttribute("href")!;

        await ana.PostAsync(trace.Replace("/trace", "/reruns", StringComparison.Ordinal), CancellationToken);

        Assert.EndsWith("/comparison", ana.Path, StringComparison.Ordinal);
        var comparison = await ana.WholeAsync(ana.Path, answers: 2, CancellationToken);
        Assert.Equal(["The first answer", "Another answer"], comparison.QuerySelectorAll(".answer").Select(answer => answer.TextContent.Trim()));
        var asked = app.Upstream.Requests.Where(request => request.LastUserText == "Question").ToList();
        Assert.Equal(2, asked.Count);
        Assert.Equal(asked[0].Body.GetRawText(), asked[1].Body.GetRawText());
        Assert.Equal("Be brief.", asked[1].Messages[0].Text);
        Assert.Contains("Compare", (await ana.GetAsync(ana.Path.Replace("/comparison", "/trace", StringComparison.Ordinal), CancellationToken)).Body!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_not_there_or_was_never_sent_again_is_not_found()
    {
        await using var app = await TestApp.StartAsync();
        using var ana = app.Visit();
        await ana.PostAsync("/messages", CancellationToken, ("Text", "Begin"), ("Model", app.Model.ToString()));
        var page = await ana.WholeAsync(ana.Path, answers: 1, CancellationToken);
        var first = page.QuerySelector(".facts a")!.GetAttribute("href")!.Replace("/trace", "/comparison", StringComparison.Ordinal);

        Assert.Equal(HttpStatusCode.NotFound, (await ana.Http.GetAsync(first, CancellationToken)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await ana.TryPostAsync($"/turns/{Guid.CreateVersion7()}/reruns", CancellationToken)).StatusCode);
    }
}
