using Calango.Browser.Tests.Browsing;
using Calango.Tests.Fixtures;
using Calango.Tests.Support.Upstream;
using Microsoft.Playwright;
using static Calango.Browser.Tests.Browsing.Keys;
using static Microsoft.Playwright.Assertions;

namespace Calango.Browser.Tests;

/// <summary>Somebody asks about pictures, and looks at them large.</summary>
public sealed class QuestionPictureTests(Browsers browsers)
{
    [Theory]
    [InlineData("en-US", ColorScheme.Light, 1280)]
    [InlineData("pt-BR", ColorScheme.Dark, 360)]
    public async Task Pictures_are_picked_pasted_sent_without_a_word_and_looked_at_by_keys_alone(string locale, ColorScheme colors, int width)
    {
        await using var app = await TestApp.StartAsync();
        await using var ana = await browsers.OpenAsync(app.Address, new() { Locale = locale, ColorScheme = colors, ViewportSize = new() { Width = width, Height = 800 } });
        app.Upstream.Default = new UpstreamReply { Text = "A lizard." };
        var page = ana.Page;
        await page.GotoAsync("/");
        await Expect(page.Locator("[data-send]")).ToBeDisabledAsync();

        await TabToAsync(page, "#composer-files");
        await page.Locator("#composer-files").SetInputFilesAsync(await DrawAsync(page, "sun.png", "#b07a10"));
        await Expect(page.Locator(".pictures--waiting img")).ToHaveCountAsync(1);
        await TabToAsync(page, "#composer-text");
        await PasteAsync(page, await DrawAsync(page, "leaf.png", "#2c6a39"));
        await PasteAsync(page, await DrawAsync(page, "night.png", "#111712"));
        await Expect(page.Locator(".pictures--waiting img")).ToHaveCountAsync(3);
        await CheckAsync("pictures-waiting");
        await ActAsync(page, ".pictures--waiting li:last-child button", leaves: false);
        await Expect(page.Locator(".pictures--waiting img")).ToHaveCountAsync(2);
        await page.ReloadAsync();
        await Expect(page.Locator(".pictures--waiting img")).ToHaveCountAsync(2);
        await Expect(page.Locator("[data-send]")).ToBeEnabledAsync();

        await TabToAsync(page, "#composer-text");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Answers()).ToHaveAttributeAsync("data-state", "Complete");
        await Expect(page.Locator(".pictures--waiting")).ToHaveCountAsync(0);
        await Expect(page.Locator(".message--question .pictures img")).ToHaveCountAsync(2);
        await Expect(page.Locator("[data-send]")).ToBeDisabledAsync();
        await CheckAsync("pictures-sent");

        await ActAsync(page, ".message--question .pictures a", leaves: false);
        await Expect(page.Locator("#lightbox")).ToBeVisibleAsync();
        await Expect(page.Locator("#lightbox p")).ToHaveTextAsync("1 / 2");
        await page.Keyboard.PressAsync("ArrowRight");
        await Expect(page.Locator("#lightbox p")).ToHaveTextAsync("2 / 2");
        await Expect(page.Locator("#lightbox img")).ToHaveJSPropertyAsync("naturalWidth", 800);
        await CheckAsync("pictures-large");
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.Locator("#lightbox")).ToBeHiddenAsync();
        await Expect(page.Locator(".message--question .pictures li:last-child a")).ToBeFocusedAsync();

        async Task CheckAsync(string name)
        {
            await ana.AssertAccessibleAsync();
            await ana.PictureAsync($"{name}-{locale}-{colors}-{width}");
            Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"), $"The page {name} is wider than the screen.");
        }
    }

    private static async Task<FilePayload> DrawAsync(IPage page, string name, string color) => new()
    {
        Name = name,
        MimeType = "image/png",
        Buffer = Convert.FromBase64String((await page.EvaluateAsync<string>(
            "color => { const canvas = Object.assign(document.createElement('canvas'), { width: 800, height: 500 }); const paint = canvas.getContext('2d'); paint.fillStyle = color; paint.fillRect(0, 0, 800, 500); return canvas.toDataURL('image/png') }",
            color)).Split(',')[1]),
    };

    private static Task PasteAsync(IPage page, FilePayload file) => page.EvaluateAsync(
        "file => { const data = new DataTransfer(); data.items.add(new File([Uint8Array.from(atob(file[1]), letter => letter.charCodeAt(0))], file[0], { type: 'image/png' })); document.getElementById('composer-text').dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true })) }",
        new[] { file.Name, Convert.ToBase64String(file.Buffer) });
}
