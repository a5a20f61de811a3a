using Calango.Browser.Tests.Browsing;
using static Microsoft.Playwright.Assertions;

namespace Calango.Browser.Tests;

public sealed class NewChatTests(Browsers browsers, ChatServer server) : IClassFixture<ChatServer>
{
    [Fact]
    public async Task Its_settings_can_be_chosen_before_the_first_message()
    {
        await using var ana = await server.OpenAsync(browsers);
        await ana.Page.Composer().FillAsync("Hello");

        await ana.Page.Locator(".chat__tools button").ClickAsync();
        await ana.Page.Locator("#keepsAnswers").CheckAsync();
        await ana.Page.Locator("#temperature").FillAsync("0.5");
        await ana.Page.Locator("#dialog [type=submit].button--primary").ClickAsync();
        await Expect(ana.Page.Locator("#dialog")).ToBeHiddenAsync();

        // The form shows what was chosen, and what was being written is still there.
        await ana.Page.Locator(".chat__tools button").ClickAsync();
        await Expect(ana.Page.Locator("#dialog")).ToBeVisibleAsync();
        await Expect(ana.Page.Locator("#keepsAnswers")).ToBeCheckedAsync();
        await ana.Page.Keyboard.PressAsync("Escape");
        await Expect(ana.Page.Locator("#dialog")).ToBeHiddenAsync();
        await Expect(ana.Page.Composer()).ToHaveValueAsync("Hello");
        await ana.Page.Composer().PressAsync("Enter");
        await Expect(ana.Page.Answers()).ToHaveAttributeAsync("data-state", "Complete");

        await ana.Page.Locator(".chat__tools [href$='/settings']").ClickAsync();
        await Expect(ana.Page.Locator("#keepsAnswers")).ToBeCheckedAsync();
        await Expect(ana.Page.Locator("#temperature")).ToHaveValueAsync("0.5");
        Assert.Equal(0.5, server.Upstream.Requests[^1].Body.GetProperty("temperature").GetDouble());
    }
}
