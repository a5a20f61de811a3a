using Calango.Browser.Tests.Browsing;
using Calango.Tests.Support.Upstream;
using static Microsoft.Playwright.Assertions;

namespace Calango.Browser.Tests;

/// <summary>A chat is shown to others from its menu.</summary>
public sealed class SharingTests(Browsers browsers, ChatServer server) : IClassFixture<ChatServer>
{
    private static CancellationToken TestEnd => TestContext.Current.CancellationToken;

    [Fact]
    public async Task UX_73_a_link_is_made_and_revoked_by_keys_and_shows_code_formulas_and_diagrams_as_the_chat_does()
    {
        const string text = "```csharp\nvar lizard = 1;\n```\n\n$$x^2$$\n\n```mermaid\nflowchart LR\n  Wakes --> Basks\n```\n";
        var chat = await server.WriteChatAsync(1, TestEnd, new UpstreamReply { Text = text });
        await using var ana = await server.OpenAsync(browsers, chat);
        ana.Expect("404");

        await OpenAsync();
        await ana.AssertAccessibleAsync();
        await ana.Page.Locator("#share-for").SelectOptionAsync("Week");
        await ana.Page.Locator("#dialog form button[type=submit]").Last.FocusAsync();
        await ana.Page.Keyboard.PressAsync("Enter");
        await Expect(ana.Page.Locator("#dialog [role=status]")).ToHaveTextAsync("The link is ready.");
        await Expect(ana.Page.Locator("#shares input")).ToBeFocusedAsync();
        var link = await ana.Page.Locator("#shares input").InputValueAsync();
        await ana.AssertAccessibleAsync();

        await ana.Page.GotoAsync(link);
        await Expect(ana.Page.Locator("[data-coloured]")).ToHaveCountAsync(1);
        await Expect(ana.Page.Locator(".katex-display")).ToHaveCountAsync(1);
        await Expect(ana.Page.Locator(".code--drawn")).ToHaveCountAsync(1);
        await Expect(ana.Page.FrameLocator(".code__diagram").Locator(".nodeLabel").First).ToHaveTextAsync("Wakes");

        await ana.Page.GotoAsync(chat);
        await OpenAsync();
        await ana.Page.Locator("#shares button").FocusAsync();
        await ana.Page.Keyboard.PressAsync("Enter");
        await ana.Page.Locator("#confirm button[value=yes]").FocusAsync();
        await ana.Page.Keyboard.PressAsync("Enter");
        await Expect(ana.Page.Locator("#dialog #shares")).ToHaveCountAsync(0);
        await Expect(ana.Page.Locator("#dialog")).ToBeVisibleAsync();
        Assert.Equal(404, (await ana.Page.GotoAsync(link))!.Status);

        async Task OpenAsync()
        {
            await ana.Page.Locator(".chat__tools a[aria-haspopup=menu]").FocusAsync();
            await ana.Page.Keyboard.PressAsync("Enter");
            await Expect(ana.Page.Locator("#menu [role=menuitem]").First).ToBeFocusedAsync();
            await ana.Page.Locator("#menu").GetByText("Share…").FocusAsync();
            await ana.Page.Keyboard.PressAsync("Enter");
            await Expect(ana.Page.Locator("#dialog #share-for")).ToBeVisibleAsync();
        }
    }
}
