using Calango.Browser.Tests.Browsing;
using static Microsoft.Playwright.Assertions;

namespace Calango.Browser.Tests;

public sealed class ConversationTests(Browsers browsers, ChatServer server) : IClassFixture<ChatServer>
{
    private static CancellationToken TestEnd => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_fork_goes_on_in_a_new_chat_from_the_message_and_leaves_the_old_one_whole()
    {
        await using var ana = await server.OpenAsync(browsers, await server.WriteChatAsync(2, TestEnd));
        var old = ana.Page.Url;

        await ana.Page.Answers().First.Button("Continue from here in a new chat").ClickAsync();
        await Expect(ana.Page).Not.ToHaveURLAsync(old);
        await Expect(ana.Page.Messages()).ToHaveCountAsync(2);
        await ana.Page.AskAsync("Another way");
        await Expect(ana.Page.Messages()).ToHaveCountAsync(4);
        Assert.Equal(["Question 1", "Answer 1.", "Another way"], server.Upstream.Requests[^1].Messages.Select(message => message.Text));

        await ana.Page.GotoAsync(old);
        await Expect(ana.Page.Messages()).ToHaveCountAsync(4);
        await Expect(ana.Page.Questions().Last).ToContainTextAsync("Question 2");
    }

    [Fact]
    public async Task A_deleted_message_takes_what_followed_it_along_once_that_was_confirmed()
    {
        await using var ana = await server.OpenAsync(browsers, await server.WriteChatAsync(3, TestEnd));
        var confirm = ana.Page.Locator("#confirm");

        await ana.Page.Questions().Nth(1).Button("Delete message").ClickAsync();
        await Expect(confirm).ToContainTextAsync("everything that follows it");
        await Expect(confirm.Button("Cancel")).ToBeFocusedAsync();
        await ana.Page.Keyboard.PressAsync("Escape");
        await Expect(ana.Page.Messages()).ToHaveCountAsync(6);

        await ana.Page.Questions().Nth(1).Button("Delete message").ClickAsync();
        await confirm.Button("Delete").ClickAsync();

        await Expect(ana.Page.Messages()).ToHaveCountAsync(2);
        await ana.Page.ReloadAsync();
        await Expect(ana.Page.Messages()).ToHaveCountAsync(2);
        await Expect(ana.Page.Answers()).ToContainTextAsync("Answer 1.");
    }

    [Fact]
    public async Task A_deleted_chat_can_be_brought_back()
    {
        await using var ana = await server.OpenAsync(browsers, await server.WriteChatAsync(1, TestEnd));
        var line = ana.Page.Locator($".conversation a[href='{new Uri(ana.Page.Url).AbsolutePath}']");
        await Expect(line).ToBeVisibleAsync();
        var chat = ana.Page.Url;

        await ana.Page.Locator(".chat__tools").Button("Delete chat").ClickAsync();
        await Expect(ana.Page.Locator(".toast")).ToContainTextAsync("The chat was deleted.");
        await Expect(ana.Page.Locator(".chat--new")).ToBeVisibleAsync();
        await Expect(line).ToHaveCountAsync(0);
        await ana.Page.Locator(".toast").Button("Undo").ClickAsync();

        await Expect(ana.Page).ToHaveURLAsync(chat);
        await Expect(ana.Page.Answers()).ToContainTextAsync("Answer 1.");
        await Expect(line).ToBeVisibleAsync();
        await Expect(ana.Page.Locator(".toast")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task What_the_settings_say_is_what_the_model_gets()
    {
        await using var ana = await server.OpenAsync(browsers, await server.WriteChatAsync(1, TestEnd));
        var dialog = ana.Page.Locator("#dialog");

        await ana.Page.Locator(".chat__tools").Link("Chat settings").ClickAsync();
        await dialog.GetByLabel("System prompt").FillAsync("Answer as a lizard.");
        await dialog.GetByLabel("Temperature").FillAsync("0.3");
        await dialog.GetByLabel("Longest answer").FillAsync("50");
        await dialog.Button("Save").ClickAsync();
        await Expect(dialog).ToBeHiddenAsync();
        await ana.Page.AskAsync("Who are you?");

        var request = server.Upstream.Requests[^1];
        Assert.Equal(("system", "Answer as a lizard."), request.Messages[0]);
        Assert.Equal(0.3, request.Body.GetProperty("temperature").GetDouble(), 3);
        Assert.Equal(50, request.Body.GetProperty("max_tokens").GetInt32());

        await ana.Page.Locator(".chat__tools").Link("Chat settings").ClickAsync();
        await Expect(dialog.GetByLabel("Temperature")).ToHaveValueAsync("0.3");
        await dialog.Button("Reset all").ClickAsync();
        await Expect(dialog).ToBeHiddenAsync();
        await ana.Page.AskAsync("And now?");

        Assert.Equal("user", server.Upstream.Requests[^1].Messages[0].Role);
        Assert.False(server.Upstream.Requests[^1].Body.TryGetProperty("temperature", out _));
    }

    [Fact]
    public async Task Another_model_is_found_by_typing_and_answers_from_the_next_message_on()
    {
        await using var ana = await server.OpenAsync(browsers);
        await ana.Page.AskAsync("Who answers first?");
        var before = server.Upstream.Requests[^1].Model;
        var other = before == "gecko-small" ? "gecko-large" : "gecko-small";

        await ana.Page.Locator("#model .button--model").FocusAsync();
        await ana.Page.Keyboard.PressAsync("Enter");
        await Expect(ana.Page.Locator("#picker-search")).ToBeFocusedAsync();
        await ana.Page.Keyboard.TypeAsync("gecko");
        await Expect(ana.Page.Locator(".picker__option:visible")).ToHaveCountAsync(2);
        await ana.AssertAccessibleAsync();
        await ana.Page.Keyboard.PressAsync(other == "gecko-small" ? "ArrowDown" : "ArrowUp");
        await ana.Page.Keyboard.PressAsync("Enter");

        await Expect(ana.Page.Locator("#dialog")).ToBeHiddenAsync();
        await Expect(ana.Page.Locator("#model")).ToContainTextAsync(other);
        await ana.Page.AskAsync("And now?");
        Assert.Equal(other, server.Upstream.Requests[^1].Model);
        await Expect(ana.Page.Answers().First.Locator(".message__who")).ToContainTextAsync(before);
        await Expect(ana.Page.Answers().Last.Locator(".message__who")).ToContainTextAsync(other);
    }
}
