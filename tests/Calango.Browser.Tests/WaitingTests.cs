using Calango.Browser.Tests.Browsing;
using Calango.Tests.Support.Upstream;
using static Microsoft.Playwright.Assertions;

namespace Calango.Browser.Tests;

/// <summary>Messages that are written while an answer comes, or while no network is, wait their turn.</summary>
public sealed class WaitingTests(Browsers browsers, ChatServer server) : IClassFixture<ChatServer>
{
    [Fact]
    public async Task UX_08_messages_written_during_an_answer_are_sent_one_after_another_once_it_is_complete()
    {
        await using var ana = await server.OpenAsync(browsers);
        var waiting = ana.Page.Locator("#waiting li");
        await ana.Page.AskAsync("First");
        server.Upstream.Enqueue(new UpstreamReply { Text = "One. Two. Three.", HoldAfter = 2 }, new UpstreamReply { Text = "Third answer." }, new UpstreamReply { Text = "Fifth answer." });
        await ana.Page.SendAsync("Second");
        await Expect(ana.Page.Answers().Last).ToContainTextAsync("One.");

        await ana.Page.SendAsync("Third");
        await ana.Page.SendAsync("Fourth");
        await ana.Page.SendAsync("Fifth");
        await Expect(waiting).ToHaveTextAsync(["Third", "Fourth", "Fifth"]);
        await Expect(ana.Page.Composer()).ToHaveValueAsync("");
        await ana.AssertAccessibleAsync();
        await ana.Page.ReloadAsync();
        await Expect(waiting).ToHaveTextAsync(["Third", "Fourth", "Fifth"]);
        await waiting.Nth(1).Button("Remove").ClickAsync();
        await ana.Page.Composer().FillAsync("Still being written");
        server.Upstream.Release();

        await Expect(ana.Page.Questions()).ToHaveCountAsync(4);
        await Expect(ana.Page.Answers().Last).ToContainTextAsync("Fifth answer.");
        await Expect(ana.Page.Questions()).ToContainTextAsync(["First", "Second", "Third", "Fifth"]);
        await Expect(waiting).ToHaveCountAsync(0);
        await Expect(ana.Page.Composer()).ToHaveValueAsync("Still being written");
    }

    [Fact]
    public async Task UX_08_after_an_answer_that_was_stopped_what_waits_is_sent_by_a_click_or_taken_back()
    {
        await using var ana = await server.OpenAsync(browsers);
        var waiting = ana.Page.Locator("#waiting li");
        await ana.Page.AskAsync("First");
        server.Upstream.Enqueue(new UpstreamReply { Text = "One. Two. Three.", HoldAfter = 2 }, new UpstreamReply { Text = "Sent." });
        await ana.Page.SendAsync("Second");
        await Expect(ana.Page.Answers().Last).ToContainTextAsync("One.");
        await ana.Page.SendAsync("Third");
        await ana.Page.SendAsync("Fourth");

        await ana.Page.Keyboard.PressAsync("Escape");
        await Expect(ana.Page.Answers().Last).ToHaveAttributeAsync("data-state", "Stopped");
        await waiting.Nth(1).Button("Take back into the box").ClickAsync();
        await Expect(ana.Page.Composer()).ToHaveValueAsync("Fourth");
        await waiting.Button("Send now").ClickAsync();

        await Expect(ana.Page.Answers().Last).ToContainTextAsync("Sent.");
        await Expect(waiting).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task UX_84_without_a_network_a_message_waits_and_goes_when_it_is_back()
    {
        await using var ana = await server.OpenAsync(browsers);
        ana.Expect("ERR_INTERNET_DISCONNECTED");
        ana.Expect("htmx:");
        await ana.Page.AskAsync("First");

        await ana.Context.SetOfflineAsync(true);
        await ana.Page.SendAsync("Written on a train");
        await Expect(ana.Page.Locator("#waiting li")).ToHaveTextAsync("Written on a train");
        server.Upstream.Enqueue(new UpstreamReply { Text = "It came." });
        await ana.Context.SetOfflineAsync(false);

        await Expect(ana.Page.Answers().Last).ToContainTextAsync("It came.");
        await Expect(ana.Page.Questions()).ToContainTextAsync(["First", "Written on a train"]);
    }
}
