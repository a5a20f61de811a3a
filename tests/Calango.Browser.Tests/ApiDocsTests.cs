using Calango.Browser.Tests.Browsing;
using static Microsoft.Playwright.Assertions;

namespace Calango.Browser.Tests;

/// <summary>Somebody who writes a program finds out how, and tries it.</summary>
public sealed class ApiDocsTests(Browsers browsers, ChatServer server) : IClassFixture<ChatServer>
{
    [Fact]
    public async Task A_token_is_made_by_keyboard_and_tried_on_the_page_of_the_API()
    {
        await using var ana = await browsers.OpenAsync(server.App.Address);
        await ana.Page.GotoAsync("/preferences");
        await ana.Page.Locator("a[href='/account/tokens']").FocusAsync();
        await ana.Page.Keyboard.PressAsync("Enter");
        await ana.Page.Locator("#field-name").FillAsync("script");
        await ana.Page.Locator("input[value='ReadChats']").FocusAsync();
        await ana.Page.Keyboard.PressAsync("Space");
        await ana.Page.Locator("#field-name").FocusAsync();
        await ana.Page.Keyboard.PressAsync("Enter");
        var token = await ana.Page.Locator("#token-text").InputValueAsync();

        await ana.Page.Locator("a[href='/docs']").ClickAsync();
        await Expect(ana.Page.Locator(".opblock")).ToHaveCountAsync(70);
        await ana.Page.Locator("button.authorize").First.ClickAsync();
        await ana.Page.Locator("#auth-bearer-value").FillAsync(token);
        await ana.Page.Locator(".modal-ux button.authorize").ClickAsync();
        await ana.Page.Locator(".modal-ux .btn-done").ClickAsync();
        await ana.Page.Locator(".opblock:has(.opblock-summary-path[data-path='/api/me']) .opblock-summary-control").First.ClickAsync();
        await ana.Page.Locator(".try-out__btn").ClickAsync();
        await ana.Page.Locator("button.execute").ClickAsync();

        await Expect(ana.Page.Locator(".live-responses-table tbody .response-col_status").First).ToContainTextAsync("200");
        await Expect(ana.Page.Locator(".live-responses-table")).ToContainTextAsync("ReadChats");
    }
}
