using Calango.Browser.Tests.Browsing;
using Calango.Core.Identity;
using Calango.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Calango.Browser.Tests;

/// <summary>Logins with another real provider, whose code has nothing in common with the certified one of the other tests.</summary>
public sealed class GlewlwydTests(Browsers browsers)
{
    [Fact]
    public async Task N06_people_come_in_with_their_groups_from_Debians_provider_and_out_again_on_both_sides()
    {
        Assert.SkipWhen(PostgresServer.WhyNot is not null, PostgresServer.WhyNot ?? "");
        Assert.SkipWhen(Glewlwyd.WhyNot is not null, Glewlwyd.WhyNot ?? "");
        var cancelled = TestContext.Current.CancellationToken;
        await using var app = await TestApp.StartAsync(DatabaseKind.Postgres, connected: false);
        var id = Guid.CreateVersion7();
        await using var provider = await Glewlwyd.StartAsync(
            new Uri(app.Address, $"/sign-in/{id}/return"), new Uri(app.Address, $"/sign-in/{id}/logout"), cancelled);
        await app.Services.GetRequiredService<LoginProviders>().AddAsync(
            id, LoginProviderKind.OpenIdConnect,
            new LoginProviderInput("Glewlwyd", provider.Issuer, Glewlwyd.ClientId)
            {
                Secret = Glewlwyd.ClientSecret,
                GroupClaim = "groups",
                Rules = [new LoginRule("writers", Role.AdminId)],
                MakesAccounts = true,
                AllowsPlainLoopback = true,
                IsOn = true,
            },
            cancelled);
        await using var rita = await browsers.OpenAsync(app.Address, new() { Locale = "en" });
        rita.Expect($"foreign origin: {new Uri(provider.Issuer).GetLeftPart(UriPartial.Authority)}");
        rita.Expect("401");

        // Her group there makes her one who runs the server here.
        await rita.Page.GotoAsync("/sign-in");
        await rita.Page.Locator("#providers a").ClickAsync();
        await rita.Page.Locator("#username").FillAsync(Glewlwyd.User);
        await rita.Page.Locator("#password").FillAsync(Glewlwyd.Password);
        await rita.Page.Keyboard.PressAsync("Enter");
        await ContinueAsync(rita.Page);
        await rita.Page.GotoAsync("/admin/people");
        await Expect(rita.Page.Locator("#people")).ToContainTextAsync("rita@example.org");

        // Out here, and there, where she is asked: its page leads nobody back. Whoever comes again must say who they are.
        await rita.Page.GotoAsync("/account");
        await rita.Page.Locator("button[formaction^='/account/sessions/']").First.ClickAsync();
        await rita.Page.Locator(".btn-danger").First.ClickAsync();
        await Expect(rita.Page.GetByText("You are disconnected")).ToBeVisibleAsync();
        await rita.Page.GotoAsync("/account");
        await Expect(rita.Page.Locator("#field-email")).ToBeVisibleAsync();
        await rita.Page.Locator("#providers a").ClickAsync();
        await Expect(rita.Page.Locator("#password")).ToBeVisibleAsync();
    }

    // There she agrees that she comes here.
    private static async Task ContinueAsync(IPage page)
    {
        await page.Locator(".btn-success").ClickAsync();
        await Expect(page.Locator("#new-chat")).ToHaveCountAsync(1);
    }
}
