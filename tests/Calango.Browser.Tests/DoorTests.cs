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
        await Expect(page.Locator("[data-captcha-state=done]")).ToBeVisibleAsync();
        await CheckAsync("forgotten-worked");
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

        Task CheckAsync(string name) => DoorTests.CheckAsync(ana, $"{name}-{locale}-{colors}-{width}");
    }

    [Theory]
    [InlineData("en-US", ColorScheme.Light, 1280)]
    [InlineData("pt-BR", ColorScheme.Dark, 360)]
    public async Task After_failures_the_browser_does_some_work_by_itself_and_without_scripts_the_page_says_what_to_do(string locale, ColorScheme colors, int width)
    {
        Assert.SkipWhen(PostgresServer.WhyNot is not null, PostgresServer.WhyNot ?? "");
        await using var server = await MailedServer.StartAsync();
        var options = new BrowserNewContextOptions { Locale = locale, ColorScheme = colors, ViewportSize = new() { Width = width, Height = 800 } };
        await using (var ana = await browsers.OpenAsync(server.App.Address, options))
        {
            ana.Expect("400");
            await ana.Page.GotoAsync("/sign-in");
            for (var guess = 0; guess < 3; guess++)
            {
                await Expect(ana.Page.Locator("[data-captcha]")).ToHaveCountAsync(0);
                await FillAsync(ana.Page, ("email", "ana@example.org"), ("password", "not the password"));
                await ana.Page.Keyboard.PressAsync("Enter");
                await Expect(ana.Page.Locator("#field-password")).ToHaveValueAsync("");
            }

            await Expect(ana.Page.Locator("[data-captcha] [role=status]")).ToBeVisibleAsync();
            await CheckAsync(ana, $"sign-in-work-{locale}-{colors}-{width}");
            await FillAsync(ana.Page, ("password", Visitor.Password));
            await ana.Page.Keyboard.PressAsync("Enter");
            await Expect(ana.Page.Locator("#new-chat")).ToHaveCountAsync(1);
        }

        options.JavaScriptEnabled = false;
        await using var plain = await browsers.OpenAsync(server.App.Address, options);
        plain.Expect("400");
        await plain.Page.GotoAsync("/forgotten");
        await Expect(plain.Page.Locator("noscript .notice-line")).ToBeVisibleAsync();
        await plain.PictureAsync($"forgotten-plain-{locale}-{colors}-{width}");
        await FillAsync(plain.Page, ("email", "ana@example.org"));
        await plain.Page.Keyboard.PressAsync("Enter");
        await Expect(plain.Page.Locator(".captcha [role=alert]")).ToBeVisibleAsync();
        Assert.Empty(server.Mail.Received);
    }

    [Theory]
    [InlineData("en-US", ColorScheme.Light, 1280)]
    [InlineData("pt-BR", ColorScheme.Dark, 360)]
    public async Task Somebody_makes_an_account_whom_nobody_has_invited(string locale, ColorScheme colors, int width)
    {
        Assert.SkipWhen(PostgresServer.WhyNot is not null, PostgresServer.WhyNot ?? "");
        await using var server = await MailedServer.StartAsync();
        var options = new BrowserNewContextOptions { Locale = locale, ColorScheme = colors, ViewportSize = new() { Width = width, Height = 800 } };
        var suffix = $"{locale}-{colors}-{width}";
        await using (var ana = await browsers.OpenAsync(server.App.Address, options))
        {
            ana.Expect("400");
            await ana.Page.GotoAsync("/sign-in");
            await FillAsync(ana.Page, ("email", "ana@example.org"), ("password", Visitor.Password));
            await ana.Page.Keyboard.PressAsync("Enter");
            await Expect(ana.Page.Locator("#new-chat")).ToHaveCountAsync(1);
            await ana.Page.GotoAsync("/admin/people");
            await CheckAsync(ana, $"people-{suffix}");
            await ana.Page.GotoAsync("/admin/people/sign-ups");
            await ana.Page.Locator("input[value=ByDomain]").CheckAsync();
            await ana.Page.Locator("#sign-ups button[type=submit]").ClickAsync();
            await Expect(ana.Page.Locator("#sign-ups-domains-error")).ToBeVisibleAsync();
            await CheckAsync(ana, $"sign-ups-{suffix}");
            await ana.Page.Locator("#sign-ups-domains").FillAsync("example.org");
            await ana.Page.Locator("#sign-ups button[type=submit]").ClickAsync();
            await Expect(ana.Page.Locator("#sign-ups .notice-line--good")).ToBeVisibleAsync();
        }

        await using var carla = await browsers.OpenAsync(server.App.Address, options);
        carla.Expect("400");
        var page = carla.Page;
        await page.GotoAsync("/sign-in");
        await CheckAsync(carla, $"sign-in-open-{suffix}");
        await page.Locator("a[href='/sign-up']").ClickAsync();
        await Expect(page.Locator("#field-name")).ToBeFocusedAsync();
        await FillAsync(page, ("name", "Carla"), ("email", "carla@elsewhere.example"), ("password", "short"));
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("#field-password")).ToHaveValueAsync("");
        await FillAsync(page, ("password", Visitor.Password));
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("#field-password")).ToHaveValueAsync("");
        await Expect(page.GetByRole(AriaRole.Alert)).ToBeVisibleAsync();
        await CheckAsync(carla, $"sign-up-{suffix}");
        await FillAsync(page, ("email", "carla@example.org"), ("password", Visitor.Password));
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator(".notice-line--good")).ToBeVisibleAsync();
        await CheckAsync(carla, $"sign-up-asked-{suffix}");
        await page.GotoAsync((await server.ReceivedAsync(1, TestEnd)).Link);
        await Expect(page.Locator("#field-password")).ToBeFocusedAsync();
        await CheckAsync(carla, $"sign-up-link-{suffix}");
        await FillAsync(page, ("password", Visitor.Password));
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("#new-chat")).ToHaveCountAsync(1);
    }

    [Theory]
    [InlineData("en-US", ColorScheme.Light, 1280)]
    [InlineData("pt-BR", ColorScheme.Dark, 360)]
    public async Task Somebody_takes_another_address(string locale, ColorScheme colors, int width)
    {
        Assert.SkipWhen(PostgresServer.WhyNot is not null, PostgresServer.WhyNot ?? "");
        await using var server = await MailedServer.StartAsync();
        await using var ana = await browsers.OpenAsync(server.App.Address, new() { Locale = locale, ColorScheme = colors, ViewportSize = new() { Width = width, Height = 800 } });
        ana.Expect("400");
        var (page, suffix) = (ana.Page, $"{locale}-{colors}-{width}");
        await page.GotoAsync("/sign-in");
        await FillAsync(page, ("email", "ana@example.org"), ("password", Visitor.Password));
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("#new-chat")).ToHaveCountAsync(1);

        await page.GotoAsync("/account");
        await page.Locator("a[href='/account/email']").ClickAsync();
        await FillAsync(page, ("email", "ana@lizards.example"), ("password", "not the password"));
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("#email-change [role=alert]")).ToBeVisibleAsync();
        await CheckAsync(ana, $"email-{suffix}");
        await FillAsync(page, ("password", Visitor.Password));
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator(".notice-line--good")).ToBeVisibleAsync();
        await CheckAsync(ana, $"email-asked-{suffix}");
        await server.ReceivedAsync(2, TestEnd);
        await page.GotoAsync(server.Mail.Received.Single(mail => mail.To.Contains("ana@lizards.example")).Link);
        await Expect(page.Locator("button[type=submit]")).ToBeFocusedAsync();
        await CheckAsync(ana, $"email-link-{suffix}");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator(".notice-line--good")).ToBeVisibleAsync();
        await CheckAsync(ana, $"email-done-{suffix}");
        await page.GotoAsync("/account");
        await Expect(page.Locator(".facts-list")).ToContainTextAsync("ana@lizards.example");
        await CheckAsync(ana, $"account-{suffix}");
    }

    private static async Task FillAsync(IPage page, params (string Field, string Text)[] fields)
    {
        foreach (var (field, text) in fields)
        {
            await page.Locator($"#field-{field}").FillAsync(text);
        }
    }

    private static async Task CheckAsync(BrowserSession session, string name)
    {
        await session.Page.WaitForLoadStateAsync();
        await session.AssertAccessibleAsync();
        await session.PictureAsync(name);
        Assert.True(await session.Page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"), $"The page {name} is wider than the screen.");
    }
}
