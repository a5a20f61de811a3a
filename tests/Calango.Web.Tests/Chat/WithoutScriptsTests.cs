using AngleSharp.Html.Dom;
using Calango.Tests.Fixtures;

namespace Calango.Web.Tests.Chat;

/// <summary>A browser that runs no scripts reads, sends and sees the full reply.</summary>
public sealed class WithoutScriptsTests : IAsyncLifetime
{
    private TestApp app = null!;
    private Visitor ana = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        app = await TestApp.StartAsync();
        ana = app.Visit();
    }

    public async ValueTask DisposeAsync()
    {
        ana.Dispose();
        await app.DisposeAsync();
    }

    [Fact]
    public async Task A_message_is_sent_and_its_answer_is_read()
    {
        var chat = await AskAsync("[[say=1]] a lizard in the sun");

        Assert.Contains("a lizard in the sun", Answer(chat), StringComparison.Ordinal);
        Assert.Contains(await Conversations(), title => title.Length > 0);
    }

    [Fact]
    public async Task Sending_twice_makes_one_turn()
    {
        var id = Guid.CreateVersion7().ToString();
        await ana.PostAsync("/messages", Cancelled, ("Text", "[[n=3]]"), ("ClientMessageId", id), ("Model", app.Model.ToString()));
        var chat = await ana.PostAsync("/messages", Cancelled, ("Text", "[[n=3]]"), ("ClientMessageId", id), ("Model", app.Model.ToString()));

        Assert.Single(chat.QuerySelectorAll(".message--question"));
        Assert.Single(await Conversations());
    }

    [Fact]
    public async Task A_question_is_edited_into_a_branch_and_the_old_one_is_found_again()
    {
        var chat = await AskAsync("[[say=1]] first");
        var edited = await ana.PostAsync(Message(chat, ".message--question"), Cancelled, ("_method", "PUT"), ("Text", "[[say=1]] second"), ("ClientMessageId", Guid.CreateVersion7().ToString()));

        edited = await EndedAsync(edited);
        Assert.Contains("second", Answer(edited), StringComparison.Ordinal);
        Assert.Equal("2/2", edited.QuerySelector(".message--question .siblings__place")!.TextContent);
        var previous = edited.QuerySelector(".message--question .siblings button")!.GetAttribute("formaction")!;
        Assert.Contains("first", Answer(await ana.PostAsync(previous, Cancelled)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_is_edited_regenerated_and_deleted()
    {
        var chat = await AskAsync("[[say=1]] once");
        chat = await ana.PostAsync(Message(chat, ".message--answer"), Cancelled, ("_method", "PUT"), ("Text", "in my own words"));
        Assert.Contains("in my own words", Answer(chat), StringComparison.Ordinal);

        chat = await EndedAsync(await ana.PostAsync(Message(chat, ".message--answer") + "/answers", Cancelled));
        Assert.Equal("3/3", chat.QuerySelector(".message--answer .siblings__place")!.TextContent);

        chat = await ana.PostAsync(Message(chat, ".message--answer"), Cancelled, ("_method", "DELETE"));
        Assert.Equal("2/2", chat.QuerySelector(".message--answer .siblings__place")!.TextContent);
    }

    [Fact]
    public async Task A_deleted_chat_is_brought_back()
    {
        var chat = await AskAsync("[[n=2]]");
        var url = Url(chat);
        var farewell = await ana.PostAsync(url, Cancelled, ("_method", "DELETE"));
        Assert.Empty(await Conversations());

        var undo = farewell.QuerySelector("#main button")!.GetAttribute("formaction")!;
        await ana.PostAsync(undo, Cancelled, ("_method", "DELETE"));
        Assert.Single(await Conversations());
    }

    [Fact]
    public async Task A_chat_is_renamed_and_keeps_the_name()
    {
        var chat = await AskAsync("[[n=2]]");
        chat = await ana.PostAsync(Url(chat) + "/title", Cancelled, ("_method", "PUT"), ("Text", "Lizards & <stones>"));

        Assert.Equal("Lizards & <stones>", chat.QuerySelector("#title")!.TextContent.Trim());
        Assert.Equal(["Lizards & <stones>"], await Conversations());
    }

    [Fact]
    public async Task The_trace_shows_the_prompt_as_it_was_sent()
    {
        var chat = await AskAsync("[[say=1]] what exactly");
        var trace = await ana.GetAsync(chat.QuerySelector(".facts a")!.GetAttribute("href")!, Cancelled);

        Assert.Contains("[[say=1]] what exactly", trace.QuerySelector(".trace__message pre")!.TextContent, StringComparison.Ordinal);
        Assert.Contains("ok", trace.QuerySelector(".trace table tbody")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_language_is_chosen_and_kept()
    {
        var page = await ana.PostAsync("/preferences", Cancelled, ("Language", "pt-BR"));

        Assert.Equal("pt-BR", page.DocumentElement.GetAttribute("lang"));
        Assert.Contains("Nova conversa", (await ana.GetAsync("/", Cancelled)).Body!.TextContent, StringComparison.Ordinal);
    }

    private async Task<IHtmlDocument> AskAsync(string text) =>
        await EndedAsync(await ana.PostAsync("/messages", Cancelled, ("Text", text), ("ClientMessageId", Guid.CreateVersion7().ToString()), ("Model", app.Model.ToString())));

    private async Task<IHtmlDocument> EndedAsync(IHtmlDocument chat)
    {
        var url = Url(chat);
        await Eventually.HoldsAsync("the answer is whole", async () => (chat = await ana.GetAsync(url, Cancelled)).QuerySelector("[aria-busy]") is null, Cancelled);
        Assert.Null(chat.QuerySelector("[data-failure]")?.TextContent);
        return chat;
    }

    private async Task<IReadOnlyList<string>> Conversations() =>
        [.. (await ana.GetAsync("/", Cancelled)).QuerySelectorAll("#conversations .conversation__title").Select(title => title.TextContent.Trim())];

    private static string Answer(IHtmlDocument chat) => chat.QuerySelector(".message--answer:last-of-type [data-answer]")!.TextContent;

    private static string Url(IHtmlDocument chat) => $"/chat/{chat.QuerySelector("#chat")!.GetAttribute("data-chat")}";

    private static string Message(IHtmlDocument chat, string selector) =>
        $"{Url(chat)}/messages/{chat.QuerySelectorAll(selector)[^1].Id!["message-".Length..]}";
}
