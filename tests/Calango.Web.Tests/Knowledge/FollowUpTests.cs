using AngleSharp.Html.Dom;
using Calango.Tests.Fixtures;
using Calango.Tests.Support.Upstream;
using Calango.Web.Tests.Models;

namespace Calango.Web.Tests.Knowledge;

/// <summary>Questions that are understood only with what was said before, in chats that look in documents.</summary>
public sealed class FollowUpTests
{
    private const string Harbour = "# Harbour\n\nThe ferry to Paquetá leaves at noon.";
    private const string Museum = "# Museum\n\nThe museum of the city is closed on Mondays.";

    private static CancellationToken TestEnd => TestContext.Current.CancellationToken;

    [EachDatabase]
    public async Task A_follow_up_is_said_in_full_before_it_is_searched_for_and_the_page_says_so(DatabaseKind kind)
    {
        await using var app = await TestApp.StartAsync(kind);
        using var ana = app.Visit();
        var papers = await ShelfAsync(ana);
        await ChooseAsync(ana);
        app.Upstream.Enqueue(
            new UpstreamReply { Text = "At noon [1]." }, new UpstreamReply { Text = "<think>The ferry.</think>\n\"Where does the ferry to Paquetá go from?\"", Tokens = 9 }, new UpstreamReply { Text = "From the harbour [1]." });
        await AskAsync(ana, "/messages", app.Model.ToString(), "When does the ferry to Paquetá leave?", papers, answers: 1);

        var page = await AskAsync(ana, $"{ana.Path}/messages", app.Model.ToString(), "And from where?", papers, answers: 2);

        var (rewriting, answer) = (app.Upstream.Requests[1], app.Upstream.Requests[2]);
        Assert.Contains("Question: When does the ferry to Paquetá leave?\nAnswer: At noon [1].", Assert.Single(rewriting.Messages).Text, StringComparison.Ordinal);
        Assert.Contains("The ferry to Paquetá leaves at noon.", answer.Messages[^2].Text, StringComparison.Ordinal);
        Assert.Equal("And from where?", answer.Messages[^1].Text);
        var last = page.QuerySelectorAll(".message--answer")[^1];
        Assert.Equal("Searched for: Where does the ferry to Paquetá go from?", last.QuerySelector(".sources__wanted")!.TextContent.Trim());
        var trace = await ana.GetAsync(last.QuerySelector(".facts a")!.GetAttribute("href")!, TestEnd);
        var facts = trace.QuerySelector(".trace__facts")!.TextContent;
        Assert.Contains("Where does the ferry to Paquetá go from?", facts, StringComparison.Ordinal);
        Assert.Contains("16 tokens", facts, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Unless_somebody_chose_it_no_model_is_asked_for_it()
    {
        await using var app = await TestApp.StartAsync();
        using var ana = app.Visit();
        var papers = await ShelfAsync(ana);
        await AskAsync(ana, "/messages", app.Model.ToString(), "When does the ferry to Paquetá leave?", papers, answers: 1);

        var page = await AskAsync(ana, $"{ana.Path}/messages", app.Model.ToString(), "When is the museum closed?", papers, answers: 2);

        Assert.Equal(2, app.Upstream.Requests.Count);
        Assert.Empty(page.QuerySelectorAll(".sources__wanted"));
        Assert.True(((IHtmlInputElement)(await ana.GetAsync("/models", TestEnd)).QuerySelector("#questions-Off")!).IsChecked);
    }

    [Fact]
    public async Task What_was_typed_is_searched_for_where_the_model_fails()
    {
        await using var app = await TestApp.StartAsync();
        using var ana = app.Visit();
        var papers = await ShelfAsync(ana);
        await ChooseAsync(ana);
        app.Upstream.Enqueue(new UpstreamReply { Text = "At noon." }, new UpstreamReply { Status = 401 }, new UpstreamReply { Text = "On Mondays." });
        await AskAsync(ana, "/messages", app.Model.ToString(), "When does the ferry to Paquetá leave?", papers, answers: 1);

        var page = await AskAsync(ana, $"{ana.Path}/messages", app.Model.ToString(), "When is the museum closed?", papers, answers: 2);

        Assert.Contains("closed on Mondays", app.Upstream.Requests[2].Messages[^2].Text, StringComparison.Ordinal);
        Assert.Contains("On Mondays.", page.QuerySelectorAll(".answer")[^1].TextContent, StringComparison.Ordinal);
        Assert.Empty(page.QuerySelectorAll(".sources__wanted"));
    }

    [Fact]
    public async Task A_connection_that_answers_one_at_a_time_does_not_wait_for_itself()
    {
        await using var app = await TestApp.StartAsync();
        await using var narrow = await ScriptedUpstream.StartAsync();
        narrow.Models = ["gecko"];
        using var ana = app.Visit();
        var connected = await ana.PostAsync("/models/connections/new", TestEnd, [.. ConnectionFields.Of(narrow.Address.ToString(), name: "Narrow"), ("MaxConcurrent", "1")]);
        var gecko = ((IHtmlInputElement)connected.QuerySelector("#composer [name=Model]")!).Value;
        var papers = await ShelfAsync(ana);
        await ChooseAsync(ana);
        narrow.Enqueue(new UpstreamReply { Text = "At noon." }, new UpstreamReply { Text = "When is the museum closed?" }, new UpstreamReply { Text = "On Mondays [1]." });
        await AskAsync(ana, "/messages", gecko, "When does the ferry to Paquetá leave?", papers, answers: 1);

        await AskAsync(ana, $"{ana.Path}/messages", gecko, "And the museum?", papers, answers: 2);

        Assert.Equal(3, narrow.Requests.Count);
    }

    private static async Task<string> ShelfAsync(Visitor ana)
    {
        await ana.PostAsync("/models/titles", TestEnd, ("_method", "PUT"), ("Mode", "Off"));
        var collection = await ana.MakeCollectionAsync("City", TestEnd);
        await ana.AddAsync(collection, TestEnd, ("harbour.md", Harbour), ("museum.md", Museum));
        return collection.Split('/')[^1];
    }

    private static async Task<IHtmlDocument> AskAsync(Visitor ana, string address, string model, string question, string papers, int answers)
    {
        await ana.PostAsync(address, TestEnd, ("Text", question), ("Collections", papers), ("Model", model));
        return await ana.WholeAsync(ana.Path, answers, TestEnd);
    }

    private static Task ChooseAsync(Visitor ana) => ana.PostAsync("/models/questions", TestEnd, ("_method", "PUT"), ("Mode", "SameModel"));
}
