using Calango.Browser.Tests.Browsing;
using Calango.Tests.Support.Upstream;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Calango.Browser.Tests;

/// <summary>Calls of tools in a chat, with a browser and its stream.</summary>
public sealed class ToolTests(Browsers browsers, ChatServer server) : IClassFixture<ChatServer>
{
    private static readonly UpstreamReply Sum = new() { Text = "Let me see.", Tool = "calculate", ToolArguments = """{"expression":"1299.90 * 3 * 0.85"}""" };
    private static readonly UpstreamReply Clock = new() { Text = "And the time:", Tool = "date_and_time", ToolArguments = """{"zone":"America/Recife","moment":"2026-03-01T12:00:00Z"}""", CallsAgain = true };

    [Fact]
    public async Task A_person_allows_a_call_in_one_tab_and_both_tabs_see_what_comes_of_it_without_loading_anew()
    {
        await using var ana = await OpenAsync("en-US", ColorScheme.Light, 1280);
        server.Upstream.Enqueue(Sum, Clock, new UpstreamReply { Text = "The rest of the answer." });
        await ChooseToolsAsync(ana.Page);
        await ana.Page.SendAsync("How much, and when?");
        var ask = ana.Page.Locator("[data-ask]");
        await Expect(ask).ToBeVisibleAsync();
        await Expect(ana.Page.Locator(".tool-use[data-state=Done]")).ToHaveCountAsync(1);
        await ana.Page.EvaluateAsync("() => { window.stays = true }");
        var second = await ana.NewTabAsync();
        await second.GotoAsync(ana.Page.Url);
        await Expect(second.Locator("[data-ask]")).ToBeVisibleAsync();
        await ana.Page.ReloadAsync();
        await ana.Page.EvaluateAsync("() => { window.stays = true }");
        await Expect(ask).ToBeVisibleAsync();

        await ask.Button("Allow").ClickAsync();

        await Expect(ana.Page.Answers()).ToHaveAttributeAsync("data-state", "Complete");
        await Expect(ask).ToHaveCountAsync(0);
        await Expect(second.Answers()).ToHaveAttributeAsync("data-state", "Complete");
        Assert.True(await ana.Page.EvaluateAsync<bool>("() => window.stays === true"));
        var streamed = await PartsAsync(ana.Page);
        Assert.Equal(["block: Let me see.", "use: Done", "block: And the time:", "use: Done", "block: The rest of the answer."], streamed);
        Assert.Equal(streamed, await PartsAsync(second));
        await ana.Page.ReloadAsync();
        Assert.Equal(streamed, await PartsAsync(ana.Page));
    }

    [Theory]
    [InlineData("en-US", ColorScheme.Light, 1280)]
    [InlineData("pt-BR", ColorScheme.Dark, 1280)]
    [InlineData("pt-BR", ColorScheme.Light, 360)]
    [InlineData("en-US", ColorScheme.Dark, 360)]
    public async Task The_pages_of_tools_are_accessible_and_fit(string locale, ColorScheme colors, int width)
    {
        await using var ana = await OpenAsync(locale, colors, width);
        foreach (var (name, path) in new[] { ("tools", "/tools"), ("tool-servers", "/plugins"), ("tool-server-new", "/tool-servers/new/mcp"), ("tools-choice", "/chat/new/settings") })
        {
            await ana.Page.GotoAsync(path);
            await CheckAsync(name);
        }

        await ana.Page.GotoAsync("/plugins");
        await ana.Page.Locator("#tool-servers .card__tools a").First.ClickAsync();
        await CheckAsync("tool-server");
        server.Upstream.Enqueue(Sum, Clock, new UpstreamReply { Text = "It is **nine** in the morning, and that makes 3,314.745." });
        await ana.Page.GotoAsync("/");
        await ChooseToolsAsync(ana.Page);
        await ana.Page.SendAsync("How much is 1299.90 × 3 with 15% off, and what time is it in Recife?");
        await Expect(ana.Page.Locator("[data-ask]")).ToBeVisibleAsync();
        await CheckAsync("tools-ask");
        await ana.Page.Locator("[data-ask] .button--primary").ClickAsync();
        await Expect(ana.Page.Answers()).ToHaveAttributeAsync("data-state", "Complete");
        await CheckAsync("tools-done");
        foreach (var use in await ana.Page.Locator(".tool-use summary").AllAsync())
        {
            await use.ClickAsync();
        }

        await CheckAsync("tools-opened");
        await ana.Page.GotoAsync((await ana.Page.Locator(".facts a").GetAttributeAsync("href"))!);
        await CheckAsync("tools-trace");

        async Task CheckAsync(string name)
        {
            await ana.AssertAccessibleAsync();
            await ana.PictureAsync($"{name}-{locale}-{colors}-{width}");
            Assert.True(await ana.Page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"), $"The page {name} is wider than the screen.");
        }
    }

    private async Task<BrowserSession> OpenAsync(string locale, ColorScheme colors, int width)
    {
        var session = await browsers.OpenAsync(server.App.Address, new() { Locale = locale, ColorScheme = colors, ViewportSize = new() { Width = width, Height = 800 } });
        await session.Page.GotoAsync("/");
        return session;
    }

    private static async Task ChooseToolsAsync(IPage page)
    {
        await page.Locator(".chat__tools button").ClickAsync();
        await Expect(page.Locator("#dialog .tools-choice input").First).ToBeVisibleAsync();
        foreach (var box in await page.Locator("#dialog .tools-choice input").AllAsync())
        {
            await box.CheckAsync();
        }

        await page.Locator("#dialog [type=submit].button--primary").ClickAsync();
        await Expect(page.Locator("#dialog")).ToBeHiddenAsync();
    }

    private static Task<string[]> PartsAsync(IPage page) => page.EvaluateAsync<string[]>(
        "() => [...document.querySelector('.message--answer [data-answer]').children].map(part => part.matches('.tool-use') ? `use: ${part.dataset.state}` : `block: ${part.textContent.trim()}`)");
}
