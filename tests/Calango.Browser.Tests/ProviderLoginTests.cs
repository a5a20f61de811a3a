using System.Text.RegularExpressions;
using Calango.Browser.Tests.Browsing;
using Calango.Core.Identity;
using Calango.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Calango.Browser.Tests;

/// <summary>Logins with a certified provider in a real browser, from its entry on: each page accessible, no wider than the screen, and pictured.</summary>
public sealed partial class ProviderLoginTests(Browsers browsers)
{
    private const string Admin = "01900000-0000-7000-8000-000000000011";

    [Theory]
    [InlineData("en-US", ColorScheme.Light, 1280)]
    [InlineData("pt-BR", ColorScheme.Dark, 1280)]
    [InlineData("pt-BR", ColorScheme.Light, 360)]
    [InlineData("en-US", ColorScheme.Dark, 360)]
    public async Task N06_a_provider_is_entered_and_tried_and_people_come_in_with_their_groups_and_out_again_on_both_sides(string locale, ColorScheme colors, int width)
    {
        SkipWithoutServers();
        await using var app = await TestApp.StartAsync(DatabaseKind.Postgres, connected: false);
        var options = new BrowserNewContextOptions { Locale = locale, ColorScheme = colors, ViewportSize = new() { Width = width, Height = 800 } };
        await using var ana = await browsers.OpenAsync(app.Address, options);
        await using var bruno = await browsers.OpenAsync(app.Address, options);
        foreach (var session in (BrowserSession[])[ana, bruno])
        {
            session.Expect("400");
            session.Expect("409");
        }

        var suffix = $"{locale}-{colors}-{width}";
        await SignInAsync(ana.Page);

        await ana.Page.GotoAsync("/admin/providers");
        await CheckAsync(ana, "providers-none");
        await ana.Page.Locator("a[href$='/new/GitHub']").ClickAsync();
        await Expect(ana.Page.Locator("#provider-form")).ToBeVisibleAsync();
        await CheckAsync(ana, "provider-github");
        await ana.Page.GotoAsync("/admin/providers/new/OpenIdConnect");
        await using var provider = await CertifiedProvider.StartAsync(
            await ValueAsync("return"), await ValueAsync("logout"), await ValueAsync("after"), "ES256", "client_secret_basic");
        ExpectPagesOf(provider, ana, bruno);

        await ana.Page.Locator("#provider-save").ClickAsync();
        await Expect(ana.Page.Locator(".field__error")).ToHaveCountAsync(3);
        await CheckAsync(ana, "provider-wrong", whole: true);
        await FillAsync(ana.Page, ("name", "Keycloak"), ("issuer", provider.Issuer), ("clientid", CertifiedProvider.ClientId), ("secret", CertifiedProvider.ClientSecret), ("scopes", "email profile groups"), ("groupclaim", "groups"));
        await ana.Page.Locator($"#provider-groups-{Admin}").FillAsync("writers\nops");
        await ana.Page.Locator("[name=MakesAccounts]").CheckAsync();
        await ana.Page.Locator("[name=AllowsPlainLoopback]").CheckAsync();
        await ana.Page.Locator("#provider-save").ClickAsync();
        await Expect(ana.Page.Locator("#provider-try")).ToBeVisibleAsync();

        await ana.Page.Locator("#provider-try").ClickAsync();
        await LogInThereAsync(ana.Page, "rita");
        await Expect(ana.Page.Locator("#outlook-groups")).ToHaveTextAsync("staff, writers");
        await CheckAsync(ana, "provider-trial", whole: true);
        await ana.Page.GotoAsync("/admin/providers");
        await ana.Page.Locator("[formaction$='/service']").ClickAsync();
        await Expect(ana.Page.Locator("#providers .badge--idle")).ToHaveCountAsync(0);
        await CheckAsync(ana, "providers");

        await bruno.Page.GotoAsync("/sign-in");
        await CheckAsync(bruno, "sign-in-providers");
        await bruno.Page.Locator("#providers a").ClickAsync();
        await LogInThereAsync(bruno.Page, "bruno");
        await Expect(bruno.Page.Locator("#new-chat")).ToHaveCountAsync(1);
        await bruno.Page.GotoAsync("/admin/people");
        await Expect(bruno.Page.Locator("#people li")).ToHaveCountAsync(2);
        await bruno.Page.GotoAsync("/account");
        await CheckAsync(bruno, "account-provider");

        // Out here, and there: whoever comes again must say who they are.
        await bruno.Page.Locator("button[formaction^='/account/sessions/']").First.ClickAsync();
        await bruno.Page.Locator("button[name=logout]").ClickAsync();
        await Expect(bruno.Page.Locator("#field-email")).ToBeVisibleAsync();
        await bruno.Page.Locator("#providers a").ClickAsync();
        await LogInThereAsync(bruno.Page, "bruno");
        await Expect(bruno.Page.Locator("#new-chat")).ToHaveCountAsync(1);

        // Logged out at the provider, in another tab: out here, by its own word.
        var tab = await bruno.NewTabAsync();
        await tab.GotoAsync($"{provider.Issuer}/session/end");
        await tab.Locator("button[name=logout]").ClickAsync();
        await Eventually.HoldsAsync(
            "the session has ended here, too",
            async () => (await bruno.Page.GotoAsync("/account"))!.Url.Contains("/sign-in", StringComparison.Ordinal), TestContext.Current.CancellationToken);

        await bruno.Page.GotoAsync("/sign-in");
        await bruno.Page.Locator("#providers a").ClickAsync();
        await LogInThereAsync(bruno.Page, "ana");
        await Expect(bruno.Page.GetByRole(AriaRole.Alert)).ToBeVisibleAsync();
        await CheckAsync(bruno, "login-refused");

        // With the account's own password, and by a form of ours.
        await ana.Context.ClearCookiesAsync(new() { NameRegex = ProvidersCookies() });
        await ana.Page.GotoAsync("/account");
        await ana.Page.Locator("[formaction^='/account/logins?']").ClickAsync();
        await LogInThereAsync(ana.Page, "ana");
        await Expect(ana.Page.Locator("[id^='login-']")).ToHaveCountAsync(1);
        await CheckAsync(ana, "account-linked");

        async Task<string> ValueAsync(string name) => await ana.Page.Locator($"#provider-{name}").InputValueAsync();

        async Task CheckAsync(BrowserSession session, string name, bool whole = false)
        {
            await session.Page.WaitForLoadStateAsync();
            await session.AssertAccessibleAsync();
            await session.PictureAsync($"{name}-{suffix}", whole: whole);
            Assert.True(await session.Page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"), $"The page {name} is wider than the screen.");
        }
    }

    [Fact]
    public async Task Without_scripts_a_login_is_added_by_way_of_a_page_of_ours()
    {
        SkipWithoutServers();
        await using var app = await TestApp.StartAsync(DatabaseKind.Postgres, connected: false);
        await using var ana = await browsers.OpenAsync(app.Address, new() { JavaScriptEnabled = false });
        var id = Guid.CreateVersion7();
        await using var provider = await CertifiedProvider.StartAsync(
            new Uri(app.Address, $"/sign-in/{id}/return").AbsoluteUri, new Uri(app.Address, $"/sign-in/{id}/logout").AbsoluteUri, new Uri(app.Address, "/sign-in").AbsoluteUri, "RS256", "client_secret_basic");
        ExpectPagesOf(provider, ana);
        await app.Services.GetRequiredService<LoginProviders>().AddAsync(
            id, LoginProviderKind.OpenIdConnect,
            new LoginProviderInput("Keycloak", provider.Issuer, CertifiedProvider.ClientId) { Secret = CertifiedProvider.ClientSecret, Scopes = "email profile", AllowsPlainLoopback = true, IsOn = true },
            TestContext.Current.CancellationToken);
        await SignInAsync(ana.Page);

        await ana.Page.GotoAsync("/account");
        await ana.Page.Locator("[formaction^='/account/logins?']").ClickAsync();
        await LogInThereAsync(ana.Page, "ana");

        await Expect(ana.Page.Locator("[id^='login-']")).ToHaveCountAsync(1);
    }

    private static void SkipWithoutServers()
    {
        Assert.SkipWhen(PostgresServer.WhyNot is not null, PostgresServer.WhyNot ?? "");
        Assert.SkipWhen(CertifiedProvider.WhyNot is not null, CertifiedProvider.WhyNot ?? "");
    }

    // Its pages want a font from elsewhere, which is not there for it.
    private static void ExpectPagesOf(CertifiedProvider provider, params BrowserSession[] sessions)
    {
        foreach (var session in sessions)
        {
            session.Expect($"foreign origin: {provider.Issuer}");
            session.Expect("foreign origin: https://fonts.googleapis.com");
            session.Expect("net::ERR_");
            session.Expect($"({provider.Issuer}/favicon.ico");
        }
    }

    [GeneratedRegex("^_")]
    private static partial Regex ProvidersCookies();

    private static async Task SignInAsync(IPage page)
    {
        await page.GotoAsync("/sign-in");
        await FillAsync(page, ("email", "ana@example.org"), ("password", Visitor.Password));
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("#new-chat")).ToHaveCountAsync(1);
    }

    /// <summary>The provider's own pages: who somebody is, and that they agree.</summary>
    private static async Task LogInThereAsync(IPage page, string name)
    {
        await page.Locator("input[name=login]").FillAsync(name);
        await page.Locator("input[name=password]").FillAsync("whatever");
        await page.Locator("button[type=submit]").ClickAsync();
        await page.Locator("input[name=prompt][value=consent]").WaitForAsync(new() { State = WaitForSelectorState.Attached });
        await page.Locator("button[type=submit]").ClickAsync();
    }

    private static async Task FillAsync(IPage page, params (string Field, string Text)[] fields)
    {
        foreach (var (field, text) in fields)
        {
            await page.Locator($"#field-{field}").FillAsync(text);
        }
    }
}
