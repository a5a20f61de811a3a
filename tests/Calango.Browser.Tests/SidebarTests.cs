using Calango.Browser.Tests.Browsing;
using static Microsoft.Playwright.Assertions;

namespace Calango.Browser.Tests;

public sealed class SidebarTests(Browsers browsers, ChatServer server) : IClassFixture<ChatServer>
{
    private static CancellationToken TestEnd => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_chats_are_walked_through_by_arrow_keys_and_opened_by_Enter()
    {
        await server.WriteChatAsync(1, TestEnd);
        await server.WriteChatAsync(1, TestEnd);
        await using var ana = await server.OpenAsync(browsers);
        var chats = ana.Page.Locator(".conversation__link");

        await ana.Page.Locator("#search").FocusAsync();
        await ana.Page.Keyboard.PressAsync("ArrowDown");
        await Expect(chats.First).ToBeFocusedAsync();
        await ana.Page.Keyboard.PressAsync("ArrowDown");
        await Expect(chats.Nth(1)).ToBeFocusedAsync();
        await ana.Page.Keyboard.PressAsync("Enter");

        await Expect(ana.Page).ToHaveURLAsync(new Uri(server.App.Address, await chats.Nth(1).GetAttributeAsync("href")!).ToString());
        await Expect(ana.Page.Answers()).ToContainTextAsync("Answer 1.");
        await Expect(chats.Nth(1)).ToHaveAttributeAsync("aria-current", "page");
        await Expect(ana.Page.Composer()).ToBeFocusedAsync();
    }

    [Fact]
    public async Task What_was_found_is_walked_through_too_and_Escape_brings_the_chats_back()
    {
        await server.WriteChatAsync(1, TestEnd);
        await using var ana = await server.OpenAsync(browsers);
        var hits = ana.Page.Locator("#search-results [data-hit]");

        await ana.Page.Locator("#search").FocusAsync();
        await ana.Page.Keyboard.TypeAsync("answer");
        await Expect(hits.First).ToBeVisibleAsync();
        await Expect(ana.Page.Locator("#conversations")).ToBeHiddenAsync();
        await ana.Page.Keyboard.PressAsync("ArrowDown");
        await Expect(hits.First).ToBeFocusedAsync();
        await ana.Page.Keyboard.PressAsync("ArrowUp");
        await Expect(ana.Page.Locator("#search")).ToBeFocusedAsync();
        await ana.Page.Keyboard.PressAsync("Escape");

        await Expect(hits).ToHaveCountAsync(0);
        await Expect(ana.Page.Locator("#conversations")).ToBeVisibleAsync();
        await Expect(ana.Page.Locator("#search")).ToHaveValueAsync("");
    }

    [Fact]
    public async Task The_sidebar_is_hidden_and_shown_by_a_key_and_stays_as_it_was_left()
    {
        await using var ana = await server.OpenAsync(browsers);
        var sidebar = ana.Page.Locator("#sidebar");

        var saved = ana.Page.WaitForResponseAsync("**/preferences");
        await ana.Page.Keyboard.PressAsync("Control+Shift+S");
        await Expect(sidebar).ToBeHiddenAsync();
        await saved;
        await ana.Page.ReloadAsync();
        await Expect(sidebar).ToBeHiddenAsync();
        await ana.Page.Keyboard.PressAsync("Control+Shift+S");

        await Expect(sidebar).ToBeVisibleAsync();
    }
}
