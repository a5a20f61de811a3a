using System.Net;
using AngleSharp.Html.Dom;
using Calango.Core.Chat;
using Calango.Core.Data;
using Calango.Core.Identity;
using Calango.Tests.Fixtures;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Calango.Web.Tests.Chat;

/// <summary>Answers that are kept and given again.</summary>
public sealed class KeptAnswerTests
{
    private static CancellationToken CancellationToken => TestContext.Current.CancellationToken;

    [EachDatabase]
    public async Task The_very_same_request_is_answered_without_the_model_until_another_answer_is_asked_for(DatabaseKind kind)
    {
        await using var app = await TestApp.StartAsync(kind);
        using var ana = await VisitAsync(app);
        var first = await AskTwiceAsync(app, ana, keeps: true);

        var again = await AskTwiceAsync(app, ana, keeps: true);

        Assert.Equal(1, TimesAsked(app, "Question"));
        Assert.Equal(LastAnswer(first), LastAnswer(again));
        Assert.DoesNotContain("Kept answer", LastFacts(first), StringComparison.Ordinal);
        Assert.Contains("Kept answer", LastFacts(again), StringComparison.Ordinal);

        await ana.PostAsync($"{again.QuerySelectorAll(".message__foot [data-copy]").Last().GetAttribute("href")!.Replace("/source", "/answers", StringComparison.Ordinal)}", CancellationToken);
        await ana.WholeAsync(ana.Path, answers: 2, CancellationToken);
        Assert.Equal(2, TimesAsked(app, "Question"));
    }

    [Fact]
    public async Task Nothing_is_kept_unless_the_chat_says_so()
    {
        await using var app = await TestApp.StartAsync();
        using var ana = await VisitAsync(app);

        await AskTwiceAsync(app, ana, keeps: false);
        await AskTwiceAsync(app, ana, keeps: false);

        Assert.Equal(2, TimesAsked(app, "Question"));
        Assert.Contains("0 answers", (await ana.GetAsync("/preferences", CancellationToken)).QuerySelector("#kept-answers")!.TextContent, StringComparison.Ordinal);
    }

    [EachDatabase]
    public async Task A_chat_can_keep_its_answers_from_its_first_message_on(DatabaseKind kind)
    {
        await using var app = await TestApp.StartAsync(kind);
        using var ana = await VisitAsync(app);
        await AskInNewChatAsync(app, ana, [("KeepsAnswers", "on"), ("SystemPrompt", "Be brief."), ("Temperature", "0.5")]);

        var again = await AskInNewChatAsync(app, ana, [("KeepsAnswers", "on"), ("SystemPrompt", "Be brief."), ("Temperature", "0.5")]);

        Assert.Equal(1, TimesAsked(app, "Question"));
        Assert.Contains("Kept answer", LastFacts(again), StringComparison.Ordinal);
        Assert.Equal("Be brief.", app.Upstream.Requests[0].Messages[0].Text);
        var settings = await ana.GetAsync($"{ana.Path}/settings", CancellationToken);
        Assert.True(((IHtmlInputElement)settings.QuerySelector("#keepsAnswers")!).IsChecked);
        Assert.Equal("0.5", ((IHtmlInputElement)settings.QuerySelector("#temperature")!).Value);
    }

    [Fact]
    public async Task What_a_new_chat_was_given_is_refused_if_it_is_wrong_and_nothing_is_sent()
    {
        await using var app = await TestApp.StartAsync();
        using var ana = await VisitAsync(app);

        using var chosen = await ana.TryPostAsync("/chat/new/settings", CancellationToken, ("_method", "PUT"), ("Temperature", "3"));
        using var sent = await ana.TryPostAsync("/messages", CancellationToken, ("Text", "Question"), ("Model", app.Model.ToString()), ("Temperature", "warm"));

        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.BadRequest), (chosen.StatusCode, sent.StatusCode));
        Assert.Empty(app.Upstream.Requests);
    }

    [Fact]
    public async Task What_is_kept_can_be_forgotten()
    {
        await using var app = await TestApp.StartAsync();
        using var ana = await VisitAsync(app);
        await AskTwiceAsync(app, ana, keeps: true);
        Assert.Contains("1 answer is kept", (await ana.GetAsync("/preferences", CancellationToken)).QuerySelector("#kept-answers")!.TextContent, StringComparison.Ordinal);

        var preferences = await ana.PostAsync("/answers/kept", CancellationToken, ("_method", "DELETE"));

        Assert.Contains("0 answers", preferences.QuerySelector("#kept-answers")!.TextContent, StringComparison.Ordinal);
        await AskTwiceAsync(app, ana, keeps: true);
        Assert.Equal(2, TimesAsked(app, "Question"));
    }

    [Fact]
    public async Task Nobody_is_given_what_was_kept_for_somebody_else()
    {
        await using var app = await TestApp.StartAsync();
        var bruno = new Account { Id = Guid.CreateVersion7() };
        await app.Services.GetRequiredService<Database>().WriteAsync(async db => { db.Add(bruno); await db.SaveChangesAsync(); }, CancellationToken);
        var keeping = new ConversationSettings(null, null, null, null, KeepsAnswers: true);

        foreach (var account in new[] { Account.LocalId, Account.LocalId, bruno.Id })
        {
            var turns = app.Services.GetRequiredService<Turns>();
            var asked = await turns.AskAsync(account, new NewMessage(null, "Question", Guid.CreateVersion7(), app.Model, "test", keeping), CancellationToken);
            await Eventually.HoldsAsync(
                "the answer is whole", async () => await turns.FindAsync(account, asked.Turn.Id, CancellationToken) is { State: TurnState.Complete }, CancellationToken);
            await Eventually.HoldsAsync(
                "it is kept", () => app.Services.GetRequiredService<Database>().ReadAsync(db => db.Set<KeptAnswer>().AnyAsync(answer => answer.AccountId == account, CancellationToken), CancellationToken), CancellationToken);
        }

        Assert.Equal(2, TimesAsked(app, "Question"));
    }

    private static async Task<Visitor> VisitAsync(TestApp app)
    {
        var visitor = app.Visit();
        await visitor.PostAsync("/models/titles", CancellationToken, ("_method", "PUT"), ("Mode", "Off"));
        return visitor;
    }

    // Without scripts: the button beside the composer, the form, and back to the composer, which carries all of it.
    private static async Task<IHtmlDocument> AskInNewChatAsync(TestApp app, Visitor visitor, (string, string)[] settings)
    {
        var form = await visitor.PostAsync("/chat/new/settings", CancellationToken, ("Text", "Question"), ("Model", app.Model.ToString()));
        var carried = form.QuerySelectorAll("#main form input[type=hidden]").Cast<IHtmlInputElement>().Where(field => !field.Name!.StartsWith("__", StringComparison.Ordinal)).Select(field => (field.Name!, field.Value));
        var composer = (await visitor.PostAsync("/chat/new/settings", CancellationToken, [.. carried, .. settings])).QuerySelector("#composer")!;
        Assert.Equal("Question", composer.QuerySelector("textarea")!.TextContent);
        var fields = composer.QuerySelectorAll("input[type=hidden]").Cast<IHtmlInputElement>().Where(field => !field.Name!.StartsWith("__", StringComparison.Ordinal)).Select(field => (field.Name!, field.Value));
        await visitor.PostAsync("/messages", CancellationToken, [.. fields, ("Text", "Question")]);
        return await visitor.WholeAsync(visitor.Path, answers: 1, CancellationToken);
    }

    // The settings belong to a chat, so each has a first message before the one that counts.
    private static async Task<IHtmlDocument> AskTwiceAsync(TestApp app, Visitor visitor, bool keeps)
    {
        await visitor.PostAsync("/messages", CancellationToken, ("Text", "Begin"), ("Model", app.Model.ToString()));
        var chat = visitor.Path;
        await visitor.WholeAsync(chat, answers: 1, CancellationToken);
        await visitor.PostAsync($"{chat}/settings", CancellationToken, [("_method", "PUT"), .. keeps ? [("KeepsAnswers", "on")] : Array.Empty<(string, string)>()]);
        await visitor.PostAsync($"{chat}/messages", CancellationToken, ("Text", "Question"));
        var whole = await visitor.WholeAsync(chat, answers: 2, CancellationToken);
        if (keeps)
        {
            // It is kept a moment after it was shown.
            await Eventually.HoldsAsync(
                "it is kept", () => app.Services.GetRequiredService<Database>().ReadAsync(db => db.Set<KeptAnswer>().AnyAsync(CancellationToken), CancellationToken), CancellationToken);
        }

        return whole;
    }

    private static int TimesAsked(TestApp app, string question) => app.Upstream.Requests.Count(request => request.LastUserText == question);

    private static string LastAnswer(IHtmlDocument page) => page.QuerySelectorAll(".answer").Last().TextContent;

    private static string LastFacts(IHtmlDocument page) => page.QuerySelectorAll(".facts").Last().TextContent;
}
