using System.Net;
using Calango.Tests.Fixtures;

namespace Calango.Web.Tests.Chat;

/// <summary>What somebody wants each model to know: on its page, and in prompts.</summary>
public sealed class PersonalNoteTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [EachDatabase]
    public async Task Instructions_and_facts_stand_in_the_prompt_before_the_chats_own_and_in_the_trace(DatabaseKind kind)
    {
        await using var app = await TestApp.StartAsync(kind);
        using var ana = app.Visit();
        await ana.GetAsync("/personal", Cancelled);
        await ana.PostAsync("/personal", Cancelled, ("_method", "PUT"), ("Instructions", "Answer in one word."));
        await ana.PostAsync("/personal/facts/new", Cancelled, ("Text", "I live\nin Natal."));
        await ana.PostAsync("/personal/facts/new", Cancelled, ("Text", "I keep geckos."));
        await ana.PostAsync("/personal/facts/new", Cancelled, ("Text", "I keep geckos."));

        await ana.PostAsync("/messages", Cancelled, ("Text", "Where?"), ("Model", app.Model.ToString()), ("SystemPrompt", "Be kind."));
        var page = await ana.WholeAsync(ana.Path, answers: 1, Cancelled);

        var system = Assert.Single(app.Upstream.Requests[0].Messages, message => message.Role == "system").Text;
        Assert.Equal(
            "How the person who writes to you wants to be answered, in their words:\nAnswer in one word.\n\n"
            + "What the person who writes to you wants you to know of them:\n- I live in Natal.\n- I keep geckos.\n\nBe kind.",
            system);
        Assert.Contains("I keep geckos.", (await ana.GetAsync(page.QuerySelector(".facts a")!.GetAttribute("href")!, Cancelled)).QuerySelector(".trace__message")!.TextContent, StringComparison.Ordinal);
    }

    [EachDatabase]
    public async Task A_chat_that_wants_none_of_it_is_told_nothing(DatabaseKind kind)
    {
        await using var app = await TestApp.StartAsync(kind);
        using var ana = app.Visit();
        await ana.GetAsync("/personal", Cancelled);
        await ana.PostAsync("/personal/facts/new", Cancelled, ("Text", "I live in Natal."));

        await ana.PostAsync("/messages", Cancelled, ("Text", "One"), ("Model", app.Model.ToString()), ("IsImpersonal", "on"));
        var chat = ana.Path;
        await ana.WholeAsync(chat, answers: 1, Cancelled);
        Assert.True((await ana.GetAsync($"{chat}/settings", Cancelled)).QuerySelector("#isImpersonal")!.HasAttribute("checked"));
        await ana.PostAsync($"{chat}/settings", Cancelled, ("_method", "PUT"));
        await ana.PostAsync($"{chat}/messages", Cancelled, ("Text", "Two"));
        await ana.WholeAsync(chat, answers: 2, Cancelled);

        var asked = app.Upstream.Requests.Where(request => request.Messages.Any(message => message.Text is "One" or "Two") && request.Messages.Count < 5).ToList();
        Assert.DoesNotContain(asked[0].Messages, message => message.Text.Contains("Natal", StringComparison.Ordinal));
        Assert.Contains(asked.Last(request => request.Messages.Any(message => message.Text == "Two")).Messages, message => message.Text.Contains("Natal", StringComparison.Ordinal));
    }

    [EachDatabase]
    public async Task A_fact_is_remembered_from_a_message_worded_anew_and_forgotten(DatabaseKind kind)
    {
        await using var app = await TestApp.StartAsync(kind);
        using var ana = app.Visit();
        await ana.PostAsync("/messages", Cancelled, ("Text", $"I am a nurse.\n{new string('x', 400)}"), ("Model", app.Model.ToString()));
        var page = await ana.WholeAsync(ana.Path, answers: 1, Cancelled);

        var form = await ana.GetAsync(page.QuerySelector(".message--question a[href^='/personal']")!.GetAttribute("href")!, Cancelled);
        Assert.StartsWith("I am a nurse. xxx", form.QuerySelector("#fact-text")!.TextContent, StringComparison.Ordinal);
        await ana.PostAsync("/personal/facts/new", Cancelled, ("Text", "I am a nurse."));
        var fact = (await ana.GetAsync("/personal", Cancelled)).QuerySelector(".facts-list form")!.GetAttribute("action")!;
        await ana.PostAsync(fact, Cancelled, ("_method", "PUT"), ("Text", "I am a doctor <b>now</b>."));
        Assert.Equal(["I am a doctor <b>now</b>."], await FactsAsync(ana));
        await ana.PostAsync(fact, Cancelled, ("_method", "DELETE"));
        Assert.Empty(await FactsAsync(ana));
        using var gone = await ana.TryPostAsync(fact, Cancelled, ("_method", "PUT"), ("Text", "Again"));
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
    }

    [Fact]
    public async Task Only_so_many_facts_go_along_as_a_small_window_leaves_room_for_the_newest_first()
    {
        await using var app = await TestApp.StartAsync();
        using var ana = app.Visit();
        await ana.GetAsync("/personal", Cancelled);
        for (var number = 1; number <= 8; number++)
        {
            await ana.PostAsync("/personal/facts/new", Cancelled, ("Text", $"Fact {number} {string.Join(' ', Enumerable.Repeat("lizard", 30))}"));
        }

        await ana.PostAsync("/messages", Cancelled, ("Text", "Hi"), ("Model", app.Model.ToString()), ("TokenLimit", "600"));
        await ana.WholeAsync(ana.Path, answers: 1, Cancelled);

        var system = app.Upstream.Requests[0].Messages[0].Text;
        Assert.Contains("Fact 8 ", system, StringComparison.Ordinal);
        Assert.DoesNotContain("Fact 1 ", system, StringComparison.Ordinal);
    }

    [EachDatabase]
    public async Task What_is_empty_or_too_long_is_refused_and_what_was_there_stays(DatabaseKind kind)
    {
        await using var app = await TestApp.StartAsync(kind);
        using var ana = app.Visit();
        await ana.GetAsync("/personal", Cancelled);
        await ana.PostAsync("/personal", Cancelled, ("_method", "PUT"), ("Instructions", "Be brief."));

        foreach (var (path, name, value) in new[] { ("/personal/facts/new", "Text", " \u0000 "), ("/personal/facts/new", "Text", new string('x', 301)), ("/personal", "Instructions", new string('x', 4_001)) })
        {
            using var refused = await ana.TryPostAsync(path, Cancelled, path == "/personal" ? ("_method", "PUT") : ("x", ""), (name, value));
            Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        }

        Assert.Equal("Be brief.", (await ana.GetAsync("/personal", Cancelled)).QuerySelector("#instructions")!.TextContent);
        await ana.PostAsync("/personal", Cancelled, ("_method", "PUT"), ("Instructions", ""));
        Assert.Equal("", (await ana.GetAsync("/personal", Cancelled)).QuerySelector("#instructions")!.TextContent);
    }

    private static async Task<IEnumerable<string?>> FactsAsync(Visitor ana) =>
        (await ana.GetAsync("/personal", Cancelled)).QuerySelectorAll(".facts-list input[name=Text]").Select(input => input.GetAttribute("value"));
}
