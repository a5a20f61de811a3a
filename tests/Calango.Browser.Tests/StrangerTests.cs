using Calango.Browser.Tests.Browsing;
using static Microsoft.Playwright.Assertions;

namespace Calango.Browser.Tests;

/// <summary>A stranger's page in the same browser, under a name that leads to this machine.</summary>
public sealed class StrangerTests(Browsers browsers, ChatServer server) : IClassFixture<ChatServer>
{
    private static CancellationToken TestEnd => TestContext.Current.CancellationToken;

    [Fact]
    public async Task N11_a_name_that_was_rebound_to_this_machine_shows_no_chat()
    {
        await server.WriteChatAsync(1, TestEnd);
        await using var ana = await server.OpenAsync(browsers);
        await Expect(ana.Page.Locator("#conversations")).ToContainTextAsync("Question 1");
        ana.Expect("foreign origin");
        ana.Expect("421");
        ana.Expect("Cross-Origin-Opener-Policy");

        var answer = await ana.Page.GotoAsync($"http://stranger.example:{server.App.Address.Port}/");

        Assert.Equal(421, answer!.Status);
        await Expect(ana.Page.Locator("body")).ToHaveTextAsync("Calango answers at 127.0.0.1, localhost and [::1] only.");
    }

    [Theory]
    [InlineData("stranger.example")]
    [InlineData("127.0.0.1")]
    public async Task N11_a_form_on_another_page_sends_nothing_in_this_persons_name(string host)
    {
        await using var ana = await server.OpenAsync(browsers);
        ana.Expect("foreign origin");
        ana.Expect("403");
        // The trap has no icon.
        ana.Expect("404");
        var target = new Uri(server.App.Address, "/messages");
        server.Upstream.Answer("/trap", $"<form method=post action='{target}'><input name=Text value='Sent by a stranger'><button>Win</button></form>", "text/html");
        var chats = await ana.Page.Locator(".conversation").CountAsync();

        await ana.Page.GotoAsync($"http://{host}:{server.Upstream.Address.Port}/trap");
        var refused = await ana.Page.RunAndWaitForResponseAsync(() => ana.Page.Locator("button").ClickAsync(), target.ToString());
        await ana.Page.GotoAsync(server.App.Address.ToString());

        Assert.Equal(403, refused.Status);
        await Expect(ana.Page.Locator(".conversation")).ToHaveCountAsync(chats);
        Assert.DoesNotContain(server.Upstream.Requests, request => request.LastUserText.Contains("stranger", StringComparison.Ordinal));
    }
}
