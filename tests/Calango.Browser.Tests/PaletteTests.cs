using System.Text.RegularExpressions;
using Calango.Browser.Tests.Browsing;
using Calango.Tests.Fixtures;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Calango.Browser.Tests;

/// <summary>Ctrl+K leads anywhere by keys alone.</summary>
public sealed class PaletteTests(Browsers browsers)
{
    [Fact]
    public async Task It_finds_chats_by_what_was_said_and_pages_by_their_names_and_gives_the_focus_back()
    {
        await using var app = await TestApp.StartAsync();
        await using var ana = await browsers.OpenAsync(app.Address, new());
        var page = ana.Page;
        await page.GotoAsync("/");
        await page.AskAsync("Where do lizards sleep?");
        var chat = new Uri(page.Url).AbsolutePath;
        await page.GotoAsync("/");
        var options = page.Locator("#palette-list [role=option]");

        await OpenAsync(page);
        await Expect(page.Locator("#palette-list").GetByRole(AriaRole.Group)).ToHaveCountAsync(2);
        await page.Keyboard.TypeAsync("lizards");
        await Expect(options.First).ToContainTextAsync("Where do lizards sleep?");
        await Expect(options.First).ToHaveClassAsync(new Regex("is-active"));
        await ana.AssertAccessibleAsync();
        await ana.PictureAsync("palette-lizards");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync($"**{chat}*");
        await Expect(page.Locator("#dialog")).ToBeHiddenAsync();

        await OpenAsync(page);
        await page.Keyboard.TypeAsync("zzzz");
        await Expect(page.Locator("#palette-list")).ToContainTextAsync("Nothing has these words.");
        await page.Locator("#palette-search").FillAsync("pref");
        await Expect(options).ToHaveCountAsync(1);
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.Locator("#dialog")).ToBeHiddenAsync();

        await OpenAsync(page);
        await page.Keyboard.TypeAsync("instr");
        await Expect(options).ToHaveCountAsync(1);
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync("**/personal");
    }

    private static async Task OpenAsync(IPage page)
    {
        await page.Keyboard.PressAsync("Control+k");
        await Expect(page.Locator("#palette-search")).ToBeFocusedAsync();
    }
}
