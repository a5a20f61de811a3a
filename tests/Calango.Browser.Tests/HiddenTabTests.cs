using Calango.Browser.Tests.Browsing;
using Calango.Tests.Support.Upstream;
using static Microsoft.Playwright.Assertions;

namespace Calango.Browser.Tests;

public sealed class HiddenTabTests(Browsers browsers, ChatServer server) : IClassFixture<ChatServer>
{
    [Fact]
    public async Task Who_looks_again_sees_the_newest_answer_go_on_whatever_stands_above_it()
    {
        var chat = await server.WriteChatAsync(2, TestContext.Current.CancellationToken);
        await using var ana = await server.OpenAsync(browsers, chat);
        server.Upstream.Enqueue(new UpstreamReply { Text = "One. Two. Three. Four.", HoldAfter = 2 });
        await ana.Page.SendAsync("Count");
        await Expect(ana.Page.Answers().Last).ToContainTextAsync("One.");

        await LookAsync(away: true);
        server.Upstream.Release();
        await LookAsync(away: false);

        await Expect(ana.Page.Answers().Last).ToHaveAttributeAsync("data-state", "Complete");
        await Expect(ana.Page.Answers().Last.Locator(".answer")).ToHaveTextAsync("One. Two. Three. Four.");
        await Expect(ana.Page.Answers()).ToHaveCountAsync(3);
        await Expect(ana.Page.Answers().First.Locator(".answer")).ToHaveTextAsync("Answer 1.");

        // No browser hides a tab that a test drives.
        Task LookAsync(bool away) => ana.Page.EvaluateAsync(
            "away => { Object.defineProperty(document, 'hidden', { configurable: true, get: () => away }); document.dispatchEvent(new Event('visibilitychange')) }", away);
    }
}
