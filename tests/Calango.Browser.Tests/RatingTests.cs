using Calango.Browser.Tests.Browsing;
using Calango.Tests.Fixtures;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Calango.Browser.Tests;

/// <summary>Thumbs below an answer, by keys alone.</summary>
public sealed class RatingTests(Browsers browsers)
{
    [Fact]
    public async Task A_thumb_is_pressed_explained_in_a_dialog_and_taken_back()
    {
        await using var app = await TestApp.StartAsync();
        await using var ana = await browsers.OpenAsync(app.Address, new());
        var page = ana.Page;
        await page.GotoAsync("/");
        await page.AskAsync("Where do lizards sleep?");
        var bad = page.GetByRole(AriaRole.Button, new() { Name = "Bad answer" });

        await bad.FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(bad).ToHaveAttributeAsync("aria-pressed", "true");
        await Expect(bad).ToBeFocusedAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Say why" }).PressAsync("Enter");
        await Expect(page.Locator("#dialog")).ToBeVisibleAsync();
        await ana.AssertAccessibleAsync();
        await ana.PictureAsync("rating");
        await page.GetByLabel("Too long").CheckAsync();
        await page.GetByLabel("In your words").FillAsync("One word would do.");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();

        await Expect(page.Locator("#dialog")).ToBeHiddenAsync();
        await Expect(page.Locator(".thumbs")).ToContainTextAsync("Change reason");
        await page.ReloadAsync();
        await Expect(bad).ToHaveAttributeAsync("aria-pressed", "true");
        await page.GetByRole(AriaRole.Link, new() { Name = "Change reason" }).ClickAsync();
        await Expect(page.GetByLabel("Too long")).ToBeCheckedAsync();
        await page.Keyboard.PressAsync("Escape");
        await bad.ClickAsync();
        await Expect(bad).ToHaveAttributeAsync("aria-pressed", "false");
        await Expect(page.Locator(".thumbs")).Not.ToContainTextAsync("Change reason");
    }
}
