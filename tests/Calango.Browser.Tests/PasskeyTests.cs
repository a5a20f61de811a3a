using Calango.Browser.Tests.Browsing;
using Calango.Tests.Fixtures;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Calango.Browser.Tests;

/// <summary>Passkeys in a real browser, whose device is Chromium's own for tests.</summary>
public sealed class PasskeyTests(Browsers browsers)
{
    [Theory]
    [InlineData("en-US", ColorScheme.Light, 1280)]
    [InlineData("pt-BR", ColorScheme.Dark, 360)]
    public async Task Somebody_makes_a_passkey_and_comes_back_with_it_without_a_name(string locale, ColorScheme colors, int width)
    {
        Assert.SkipWhen(PostgresServer.WhyNot is not null, PostgresServer.WhyNot ?? "");
        await using var app = await TestApp.StartAsync(DatabaseKind.Postgres, connected: false);
        // Browsers know no passkeys at an address of numbers.
        var options = new BrowserNewContextOptions { Locale = locale, ColorScheme = colors, ViewportSize = new() { Width = width, Height = 800 } };
        await using var ana = await browsers.OpenAsync(new UriBuilder(app.Address) { Host = "localhost" }.Uri, options);
        ana.Expect("400");
        await AddDeviceAsync(ana);
        var (page, suffix) = (ana.Page, $"{locale}-{colors}-{width}");

        await page.GotoAsync("/sign-in");
        await page.Locator("#field-email").FillAsync("ana@example.org");
        await page.Locator("#field-password").FillAsync(Visitor.Password);
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("#new-chat")).ToHaveCountAsync(1);
        await page.GotoAsync("/account/passkeys");
        await page.Locator("#field-name").FillAsync("Telephone");
        await page.Locator("#field-password").FillAsync("not the password");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator(".field__error")).ToBeVisibleAsync();
        await page.Locator("#field-password").FillAsync(Visitor.Password);
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("#passkey-make button")).ToBeVisibleAsync();
        await Expect(page.Locator("[data-passkey-none]")).ToBeHiddenAsync();
        await CheckAsync("passkeys-make");
        await page.Locator("#passkey-make button").ClickAsync();
        await Expect(page.Locator("#passkeys li")).ToHaveCountAsync(1);
        await CheckAsync("passkeys");
        await page.Locator("#passkeys a").ClickAsync();
        await Expect(page.Locator("#field-name")).ToHaveValueAsync("Telephone");
        await CheckAsync("passkey");

        await page.GotoAsync("/account");
        await page.Locator("button[formaction^='/account/sessions/']").First.ClickAsync();
        await Expect(page.Locator("form[data-passkey]")).ToBeVisibleAsync();
        await CheckAsync("sign-in-passkey");
        await page.Locator("form[data-passkey] button").ClickAsync();
        await Expect(page.Locator("#new-chat")).ToHaveCountAsync(1);

        async Task CheckAsync(string name)
        {
            await page.WaitForLoadStateAsync();
            await ana.AssertAccessibleAsync();
            await ana.PictureAsync($"{name}-{suffix}");
            Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"), $"The page {name} is wider than the screen.");
        }
    }

    [Fact]
    public async Task Whoever_has_no_passkey_is_told_so_and_without_scripts_there_is_no_button()
    {
        Assert.SkipWhen(PostgresServer.WhyNot is not null, PostgresServer.WhyNot ?? "");
        await using var app = await TestApp.StartAsync(DatabaseKind.Postgres, connected: false);
        var address = new UriBuilder(app.Address) { Host = "localhost" }.Uri;
        await using (var eve = await browsers.OpenAsync(address))
        {
            await AddDeviceAsync(eve);
            await eve.Page.GotoAsync("/sign-in");
            await eve.Page.Locator("form[data-passkey] button").ClickAsync();
            await Expect(eve.Page.Locator("[data-passkey-failed]")).ToBeVisibleAsync();
        }

        await using var plain = await browsers.OpenAsync(address, new() { JavaScriptEnabled = false });
        await plain.Page.GotoAsync("/sign-in");
        await Expect(plain.Page.Locator("#field-email")).ToBeVisibleAsync();
        await Expect(plain.Page.Locator("form[data-passkey]")).ToBeHiddenAsync();
    }

    private static async Task AddDeviceAsync(BrowserSession session)
    {
        var devices = await session.Context.NewCDPSessionAsync(session.Page);
        await devices.SendAsync("WebAuthn.enable");
        await devices.SendAsync("WebAuthn.addVirtualAuthenticator", new Dictionary<string, object>
        {
            ["options"] = new Dictionary<string, object>
            {
                ["protocol"] = "ctap2", ["transport"] = "internal", ["hasResidentKey"] = true, ["hasUserVerification"] = true, ["isUserVerified"] = true, ["automaticPresenceSimulation"] = true,
            },
        });
    }
}
