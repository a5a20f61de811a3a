using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Calango.Browser.Tests.Browsing;

/// <summary>What somebody does who has no mouse.</summary>
internal static class Keys
{
    /// <summary>Goes to something, presses Enter, and says yes where scripts ask.</summary>
    public static async Task ConfirmedAsync(IPage page, string selector, bool withScripts)
    {
        await ActAsync(page, selector, leaves: !withScripts);
        if (withScripts)
        {
            await Expect(page.Locator("#confirm")).ToBeVisibleAsync();
            await ActAsync(page, "#confirm [value=yes]");
        }
    }

    /// <summary>Goes to something and presses Enter; the page is another one then, or not.</summary>
    public static async Task ActAsync(IPage page, string selector, bool leaves = true)
    {
        await TabToAsync(page, selector);
        await page.EvaluateAsync("document.body.dataset.left = ''");
        await page.Keyboard.PressAsync("Enter");
        if (leaves)
        {
            await Expect(page.Locator("body[data-left]")).ToHaveCountAsync(0);
        }
    }

    /// <summary>Goes to something as somebody does who has no mouse, and sees where they are.</summary>
    public static async Task TabToAsync(IPage page, string selector)
    {
        var target = page.Locator(selector).First;
        await Expect(target).ToBeVisibleAsync();
        for (var presses = 0; presses < 300; presses++)
        {
            if (await target.EvaluateAsync<bool>("element => element === document.activeElement"))
            {
                return;
            }

            await page.Keyboard.PressAsync("Tab");
        }

        Assert.Fail($"No key leads to {selector} on {page.Url}.");
    }
}
