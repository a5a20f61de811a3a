using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using Calango.Core.Models;
using Calango.Tests.Fixtures;
using Calango.Tests.Support.Upstream;
using Microsoft.Extensions.DependencyInjection;

namespace Calango.Web.Tests.Chat;

/// <summary>Models that call tools, as a person without scripts sees it.</summary>
public sealed class ToolTests
{
    private static readonly UpstreamReply SixTimesSeven = new() { Text = "Let me see.", Tool = "calculate", ToolArguments = """{"expression":"6*7"}""" };
    private static readonly UpstreamReply Clock = new() { Text = "One moment.", Tool = "date_and_time", ToolArguments = """{"zone":"America/Recife","moment":"2026-03-01T12:00:00Z"}""" };
    private static readonly UpstreamReply Result = new() { SaysResult = true };

    private static CancellationToken TestEnd => TestContext.Current.CancellationToken;

    [EachDatabase]
    public async Task A_model_calls_a_tool_answers_from_its_result_and_knows_of_both_in_the_next_turn(DatabaseKind kind)
    {
        await using var app = await TestApp.StartAsync(kind);
        using var ana = await VisitAsync(app);
        app.Upstream.Enqueue(SixTimesSeven, Result, new UpstreamReply { Text = "Indeed." });

        await AskAsync(ana, app.Model, "How much?", "Calculator");
        var page = await ana.WholeAsync(ana.Path, answers: 1, TestEnd);

        var answer = page.QuerySelector(".answer")!;
        Assert.Equal(["Let me see.", "42"], answer.QuerySelectorAll(".block").Select(block => block.TextContent.Trim()));
        var use = Assert.Single(answer.QuerySelectorAll("details.tool-use"));
        Assert.Equal("Done", use.GetAttribute("data-state"));
        Assert.False(use.HasAttribute("open"));
        Assert.Matches("Calculator.*Done · [0-9.,]+ m?s$", use.QuerySelector("summary")!.TextContent.Trim());
        Assert.Equal(["""{"expression":"6*7"}""", "42"], use.QuerySelectorAll("pre").Select(part => part.TextContent));
        Assert.Equal(DocumentPositions.Following, answer.QuerySelector(".block")!.CompareDocumentPosition(use));
        Assert.Equal(DocumentPositions.Following, use.CompareDocumentPosition(answer.QuerySelectorAll(".block").Last()));
        Assert.Equal(
            "Let me see.\n\n> **Calculator** `{\"expression\":\"6*7\"}`\n>\n> 42\n\n42",
            await ana.Http.GetStringAsync(page.QuerySelector(".message--answer a[href$='/source']")!.GetAttribute("href"), TestEnd));

        await ana.PostAsync($"{ana.Path}/messages", TestEnd, ("Text", "Really?"));
        page = await ana.WholeAsync(ana.Path, answers: 2, TestEnd);
        var requests = app.Upstream.Requests;
        Assert.Equal(["user"], Roles(requests[0]));
        Assert.Equal(["user", "assistant", "tool"], Roles(requests[1]));
        Assert.Equal("42", requests[1].LastToolAnswer);
        Assert.Equal(["user", "assistant", "tool", "assistant", "user"], Roles(requests[2]));
        var sent = requests[2].Body.GetProperty("messages");
        Assert.Equal("""{"expression":"6*7"}""", sent[1].GetProperty("tool_calls")[0].GetProperty("function").GetProperty("arguments").GetString());
        Assert.Equal(sent[1].GetProperty("tool_calls")[0].GetProperty("id").GetString(), sent[2].GetProperty("tool_call_id").GetString());
        Assert.All(requests, request => Assert.Equal("calculate", request.Body.GetProperty("tools")[0].GetProperty("function").GetProperty("name").GetString()));
        var trace = await ana.GetAsync(page.QuerySelector(".facts a")!.GetAttribute("href")!, TestEnd);
        Assert.Equal("42", trace.QuerySelectorAll(".tool-use pre").Last().TextContent);
        Assert.Contains("calculate", trace.QuerySelector("pre.trace__text")!.TextContent, StringComparison.Ordinal);
    }

    [EachDatabase]
    public async Task A_call_that_needs_a_word_waits_is_shown_in_every_tab_and_goes_on_when_allowed(DatabaseKind kind)
    {
        await using var app = await TestApp.StartAsync(kind);
        using var ana = await VisitAsync(app);
        using var second = app.Visit();
        app.Upstream.Enqueue(Clock, Result);
        await AskAsync(ana, app.Model, "What time is it?", "Date and time");

        var ask = await AskedAsync(ana, ana.Path);
        await AskedAsync(second, ana.Path);
        Assert.Contains("America/Recife", ask.QuerySelector("pre")!.TextContent, StringComparison.Ordinal);
        Assert.Single(app.Upstream.Requests);
        await ana.PostAsync(Button(ask, "Allow"), TestEnd);

        var page = await ana.WholeAsync(ana.Path.Split('#')[0], answers: 1, TestEnd);
        Assert.Contains("2026-03-01T09:00:00-03:00", page.QuerySelectorAll(".answer .block").Last().TextContent, StringComparison.Ordinal);
        Assert.Empty(page.QuerySelectorAll("[data-ask]"));
        Assert.Equal(HttpStatusCode.BadRequest, (await second.TryPostAsync(Button(ask, "Deny"), TestEnd)).StatusCode);
    }

    [Fact]
    public async Task A_call_that_is_denied_is_not_made_and_the_model_is_told()
    {
        await using var app = await TestApp.StartAsync();
        using var ana = await VisitAsync(app);
        app.Upstream.Enqueue(Clock, new UpstreamReply { Text = "Then not." });
        await AskAsync(ana, app.Model, "What time is it?", "Date and time");

        await ana.PostAsync(Button(await AskedAsync(ana, ana.Path), "Deny"), TestEnd);

        var page = await ana.WholeAsync(ana.Path.Split('#')[0], answers: 1, TestEnd);
        Assert.Equal("Denied", page.QuerySelector(".tool-use")!.GetAttribute("data-state"));
        Assert.Contains("did not allow", app.Upstream.Requests[1].LastToolAnswer, StringComparison.Ordinal);
    }

    [EachDatabase]
    public async Task Always_is_remembered_and_never_keeps_a_tool_from_models(DatabaseKind kind)
    {
        await using var app = await TestApp.StartAsync(kind);
        using var ana = await VisitAsync(app);
        app.Upstream.Enqueue(Clock, Result, Clock, Result, new UpstreamReply { Text = "No tools." });
        await AskAsync(ana, app.Model, "First", "Date and time");
        await ana.PostAsync(Button(await AskedAsync(ana, ana.Path), "Always allow"), TestEnd);
        var chat = ana.Path.Split('#')[0];
        await ana.WholeAsync(chat, answers: 1, TestEnd);

        await ana.PostAsync($"{chat}/messages", TestEnd, ("Text", "Second"));
        await ana.WholeAsync(chat, answers: 2, TestEnd);
        var rules = await ana.GetAsync("/tools", TestEnd);
        var rule = rules.QuerySelectorAll<IHtmlSelectElement>("select").Single(select => select.GetAttribute("aria-labelledby") == "tool-date_and_time");
        Assert.Equal("Always", rule.Value);

        await ana.PostAsync("/tools", TestEnd, (rule.Name!, "Never"));
        await ana.PostAsync($"{chat}/messages", TestEnd, ("Text", "Third"));
        await ana.WholeAsync(chat, answers: 3, TestEnd);
        Assert.False(app.Upstream.Requests[^1].Body.TryGetProperty("tools", out _));
    }

    [Fact]
    public async Task Anthropics_protocol_gets_calls_and_results_in_its_own_form()
    {
        await using var app = await TestApp.StartAsync();
        using var ana = await VisitAsync(app);
        var connection = await app.Services.GetRequiredService<Connections>().AddAsync(
            new ConnectionInput("anthropic", "", "Anthropic", new Dictionary<string, string?> { ["address"] = app.Upstream.Address.ToString().Replace("/v1", "", StringComparison.Ordinal), ["apiKey"] = "key" }, new TimeLimits()), TestEnd);
        app.Upstream.Enqueue(SixTimesSeven with { Reasoning = 1 }, Result, new UpstreamReply { Text = "Indeed." });

        await AskAsync(ana, new ModelRef(connection.Id, "fake"), "How much?", "Calculator");
        var page = await ana.WholeAsync(ana.Path, answers: 1, TestEnd);
        Assert.Equal("42", page.QuerySelectorAll(".answer .block").Last().TextContent.Trim());
        await ana.PostAsync($"{ana.Path}/messages", TestEnd, ("Text", "Really?"));
        await ana.WholeAsync(ana.Path, answers: 2, TestEnd);

        var sent = app.Upstream.Requests[2].Body.GetProperty("messages");
        Assert.Equal(["user", "assistant", "user", "assistant", "user"], sent.EnumerateArray().Select(message => message.GetProperty("role").GetString()!));
        Assert.Equal("tool_use", sent[1].GetProperty("content").EnumerateArray().Last().GetProperty("type").GetString());
        Assert.Equal("tool_result", sent[2].GetProperty("content")[0].GetProperty("type").GetString());
    }

    [Fact]
    public async Task L04_A_model_that_never_comes_to_an_end_is_stopped_and_the_reason_said()
    {
        await using var app = await TestApp.StartAsync();
        using var ana = await VisitAsync(app);
        app.Upstream.Default = SixTimesSeven with { CallsAgain = true };

        await AskAsync(ana, app.Model, "Loop", "Calculator");

        IHtmlDocument? page = null;
        await Eventually.HoldsAsync("it failed", async () => (page = await ana.GetAsync(ana.Path, TestEnd)).QuerySelector("[data-failure='tools.tooManyRounds']") is not null, TestEnd);
        Assert.Equal(20, page!.QuerySelectorAll(".tool-use[data-state=Done]").Length);
        Assert.Equal(19, page.QuerySelectorAll(".tool-use").Count(use => use.TextContent.Contains("the same as before", StringComparison.Ordinal)));
        Assert.Equal(21, app.Upstream.Requests.Count(request => request.Body.TryGetProperty("tools", out _)));
    }

    [Theory]
    [InlineData("calculate", "{}", "arguments.expression is missing")]
    [InlineData("calculate", """{"expression":7}""", "must be of type string")]
    [InlineData("calculate", """{"expression":"1","more":1}""", "arguments.more is not permitted")]
    [InlineData("calculate", """{"expression":"1/0"}""", "Division by zero")]
    [InlineData("rm_rf", "{}", "there is no tool 'rm_rf'")]
    [InlineData("calculate", "{\"expression\":", "not a JSON object")]
    public async Task What_is_wrong_with_a_call_is_told_to_the_model_and_shown(string tool, string arguments, string mistake)
    {
        await using var app = await TestApp.StartAsync();
        using var ana = await VisitAsync(app);
        app.Upstream.Enqueue(new UpstreamReply { Tool = tool, ToolArguments = arguments, Text = "So:" }, new UpstreamReply { Text = "Oh." });

        await AskAsync(ana, app.Model, "Try", "Calculator");

        var page = await ana.WholeAsync(ana.Path, answers: 1, TestEnd);
        Assert.Equal("Failed", page.QuerySelector(".tool-use")!.GetAttribute("data-state"));
        Assert.Contains(mistake, page.QuerySelector(".tool-use")!.TextContent, StringComparison.Ordinal);
        Assert.Contains(mistake, app.Upstream.Requests[1].LastToolAnswer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_model_that_takes_no_tools_says_so()
    {
        await using var app = await TestApp.StartAsync();
        using var ana = await VisitAsync(app);
        app.Upstream.Enqueue(new UpstreamReply { Status = 400, ErrorMessage = "fake does not support tools" });

        await AskAsync(ana, app.Model, "Try", "Calculator");

        await Eventually.HoldsAsync("it failed", async () => (await ana.GetAsync(ana.Path, TestEnd)).QuerySelector("[data-failure='tools.refused']") is not null, TestEnd);
    }

    [EachDatabase]
    public async Task A_turn_that_waits_can_be_stopped_continued_and_forked_with_its_calls(DatabaseKind kind)
    {
        await using var app = await TestApp.StartAsync(kind);
        using var ana = await VisitAsync(app);
        app.Upstream.Enqueue(SixTimesSeven, Clock with { CallsAgain = true }, new UpstreamReply { Text = "and so on." });
        await AskAsync(ana, app.Model, "Both", "Calculator", "Date and time");
        var chat = ana.Path;
        var ask = await AskedAsync(ana, chat);
        var turn = Button(ask, "Allow").Split('/')[2];

        await ana.PostAsync($"/turns/{turn}/stop", TestEnd);
        var page = await ana.GetAsync(chat, TestEnd);
        Assert.Equal(["Done", "Interrupted"], page.QuerySelectorAll(".tool-use").Select(use => use.GetAttribute("data-state")));

        await ana.PostAsync($"{chat}/messages/{turn}/continuation", TestEnd);
        page = await ana.WholeAsync(chat, answers: 1, TestEnd);
        Assert.Equal(["Done", "Interrupted"], page.QuerySelectorAll(".tool-use").Select(use => use.GetAttribute("data-state")));
        Assert.Contains("it is not known whether it took effect", app.Upstream.Requests[2].Body.GetRawText(), StringComparison.Ordinal);
        Assert.EndsWith("and so on.", page.QuerySelector(".answer")!.TextContent.Trim(), StringComparison.Ordinal);

        var message = page.QuerySelector("article.message--answer")!.Id!["message-".Length..];
        await ana.PostAsync($"{chat}/messages/{message}/fork", TestEnd);
        Assert.NotEqual(chat, ana.Path);
        Assert.Equal(["Done", "Interrupted"], (await ana.GetAsync(ana.Path, TestEnd)).QuerySelectorAll(".tool-use").Select(use => use.GetAttribute("data-state")));
    }

    [Fact]
    public async Task Without_a_choice_no_tool_is_offered_and_a_choice_can_be_taken_back()
    {
        await using var app = await TestApp.StartAsync();
        using var ana = await VisitAsync(app);
        app.Upstream.Enqueue(SixTimesSeven, Result);
        await AskAsync(ana, app.Model, "With", "Calculator");
        var chat = ana.Path;
        await ana.WholeAsync(chat, answers: 1, TestEnd);

        await ana.PostAsync($"{chat}/settings", TestEnd, ("_method", "PUT"));
        await ana.PostAsync($"{chat}/messages", TestEnd, ("Text", "Without"));
        await ana.WholeAsync(chat, answers: 2, TestEnd);

        var last = app.Upstream.Requests[^1];
        Assert.False(last.Body.TryGetProperty("tools", out _));
        Assert.Equal(["user", "assistant", "user"], Roles(last));
    }

    [Fact]
    public async Task A_stranger_to_the_turn_decides_nothing()
    {
        await using var app = await TestApp.StartAsync();
        using var ana = await VisitAsync(app);
        app.Upstream.Enqueue(Clock);
        await AskAsync(ana, app.Model, "What time is it?", "Date and time");
        var url = Button(await AskedAsync(ana, ana.Path), "Allow");

        Assert.Equal(HttpStatusCode.NotFound, (await ana.TryPostAsync($"/turns/{Guid.CreateVersion7()}/uses/{Guid.CreateVersion7()}/approval", TestEnd)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await ana.TryPostAsync($"/turns/{url.Split('/')[2]}/uses/{Guid.CreateVersion7()}/approval", TestEnd)).StatusCode);
        await AskedAsync(ana, ana.Path);
    }

    private static async Task<Visitor> VisitAsync(TestApp app)
    {
        var ana = app.Visit();
        await ana.PostAsync("/models/titles", TestEnd, ("_method", "PUT"), ("Mode", "Off"));
        return ana;
    }

    private static async Task AskAsync(Visitor visitor, ModelRef model, string text, params string[] tools)
    {
        var form = await visitor.GetAsync("/chat/new/settings", TestEnd);
        var keys = form.QuerySelectorAll(".tools-choice label").Where(label => tools.Contains(label.TextContent.Trim())).Select(label => ("Tools", label.QuerySelector("input")!.GetAttribute("value")!)).ToList();
        Assert.Equal(tools.Length, keys.Count);
        await visitor.PostAsync("/messages", TestEnd, [("Text", text), ("Model", model.ToString()), .. keys]);
    }

    private static async Task<IElement> AskedAsync(Visitor visitor, string path)
    {
        IElement? ask = null;
        await Eventually.HoldsAsync("it is asked", async () => (ask = (await visitor.GetAsync(path, TestEnd)).QuerySelector("[data-ask]")) is not null, TestEnd);
        return ask!;
    }

    private static string Button(IElement ask, string text) => ask.QuerySelectorAll("button").Single(button => button.TextContent == text).GetAttribute("formaction")!;

    private static IEnumerable<string> Roles(UpstreamRequest request) =>
        request.Body.GetProperty("messages").EnumerateArray().Select(message => message.GetProperty("role").GetString()!);
}
