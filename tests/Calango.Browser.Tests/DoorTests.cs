using Calango.Browser.Tests.Browsing;
using Calango.Tests.Fixtures;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Calango.Browser.Tests;

/// <summary>What stands before the door of a server that sends mail, with the keyboard alone.</summary>
public sealed class DoorTests(Browsers browsers)
{
    private const string Another = "iguanas like it warm too";

    private static CancellationToken TestEnd => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("en-US", ColorScheme.Light, 1280)]
    [InlineData("pt-BR", ColorScheme.Dark, 360)]
    public async Task Who_has_forgotten_their_password_sets_another_and_comes_in(string locale, ColorScheme colors, int width)
    {
        Assert.SkipWhen(PostgresServer.WhyNot is not null, PostgresServer.WhyNot ?? "");
        await using var server = await MailedServer.StartAsync();
        await using var ana = await browsers.OpenAsync(server.App.Address, new() { Locale = locale, ColorScheme = colors, ViewportSize = new() { Width = width, Height = 800 } });
        ana.Expect("400");
        var page = ana.Page;

        await page.GotoAsync("/sign-in");
        await CheckAsync("door-sign-in");
        await page.Locator("a[href='/forgotten']").FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("#field-email")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("#field-email-error")).ToBeVisibleAsync();
        await CheckAsync("forgotten");
        await page.Locator("#field-email").FillAsync("ana@example.org");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByRole(AriaRole.Status)).ToBeVisibleAsync();
        await CheckAsync("forgotten-asked");

        var link = (await server.ReceivedAsync(1, TestEnd)).Link;
        await page.GotoAsync(link);
        await Expect(page.Locator("#field-password")).ToBeFocusedAsync();
        await CheckAsync("reset");
        await page.Locator("#field-password").FillAsync(Another);
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByRole(AriaRole.Status)).ToBeVisibleAsync();
        await CheckAsync("reset-done");
        await page.GotoAsync(link);
        await Expect(page.GetByRole(AriaRole.Alert)).ToBeVisibleAsync();
        await CheckAsync("reset-closed");

        await page.GotoAsync("/sign-in");
        await page.Locator("#field-email").FillAsync("ana@example.org");
        await page.Locator("#field-password").FillAsync(Another);
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("#new-chat")).ToHaveCountAsync(1);

        async Task CheckAsync(string name)
        {
            await page.WaitForLoadStateAsync();
            await ana.AssertAccessibleAsync();
            await ana.PictureAsync($"{name}-{locale}-{colors}-{width}");
            Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"), $"The page {name} is wider than the screen.");
        }
    }
}
