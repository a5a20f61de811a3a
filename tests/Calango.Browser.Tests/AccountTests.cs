using Calango.Browser.Tests.Browsing;
using Calango.Core.Identity;
using Calango.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Calango.Browser.Tests;

/// <summary>A server of many people, from its first account on: each page accessible, no wider than the screen, and pictured.</summary>
public sealed class AccountTests(Browsers browsers)
{
    [Theory]
    [InlineData("en-US", ColorScheme.Light, 1280)]
    [InlineData("pt-BR", ColorScheme.Dark, 1280)]
    [InlineData("pt-BR", ColorScheme.Light, 360)]
    [InlineData("en-US", ColorScheme.Dark, 360)]
    public async Task The_first_person_sets_the_server_up_invites_another_and_signs_out_and_in(string locale, ColorScheme colors, int width)
    {
        Assert.SkipWhen(PostgresServer.WhyNot is not null, PostgresServer.WhyNot ?? "");
        await using var app = await TestApp.StartAsync(DatabaseKind.Postgres, connected: false, setUp: false);
        var options = new BrowserNewContextOptions { Locale = locale, ColorScheme = colors, ViewportSize = new() { Width = width, Height = 800 } };
        await using var ana = await browsers.OpenAsync(app.Address, options);
        ana.Expect("400");
        var suffix = $"{locale}-{colors}-{width}";

        await ana.Page.GotoAsync("/");
        await Expect(ana.Page.Locator("#field-token")).ToBeFocusedAsync();
        await FillAsync(ana.Page, ("token", "WRONG"), ("name", "Ana"), ("email", "ana@example.org"), ("password", "short"));
        await ana.Page.Keyboard.PressAsync("Enter");
        await Expect(ana.Page.Locator(".field__error")).ToHaveCountAsync(2);
        await CheckAsync(ana, "setup");
        await FillAsync(ana.Page, ("token", app.Services.GetRequiredService<SetUpToken>().Text.ToLowerInvariant()), ("password", Visitor.Password));
        await ana.Page.Keyboard.PressAsync("Enter");
        await Expect(ana.Page.Locator("#new-chat")).ToHaveCountAsync(1);

        await ana.Page.GotoAsync("/admin/people");
        await ana.Page.Locator("#field-email").FillAsync("bruno@example.org");
        await ana.Page.Keyboard.PressAsync("Enter");
        var link = await ana.Page.Locator("#invitation-link").InputValueAsync();
        await CheckAsync(ana, "people");

        await using (var bruno = await browsers.OpenAsync(app.Address, options))
        {
            await bruno.Page.GotoAsync(link);
            await CheckAsync(bruno, "invitation");
            await FillAsync(bruno.Page, ("name", "Bruno"), ("password", Visitor.Password));
            await bruno.Page.Keyboard.PressAsync("Enter");
            await Expect(bruno.Page.Locator("#new-chat")).ToHaveCountAsync(1);
            await Expect(bruno.Page.Locator("a[href='/admin/people']")).ToHaveCountAsync(0);
            await CheckAsync(bruno, "member-chat");
        }

        await ana.Page.GotoAsync("/admin/people");
        await ana.Page.Locator("#people a[href^='/admin/people/']").Last.ClickAsync();
        await Expect(ana.Page.Locator("#person-role")).ToBeVisibleAsync();
        await CheckAsync(ana, "person");
        await ana.Page.GotoAsync("/admin/audit");
        await ana.Page.Locator("button[formaction='/admin/audit']").ClickAsync();
        await Expect(ana.Page.Locator("#audit-check .notice-line--good")).ToBeVisibleAsync();
        await CheckAsync(ana, "audit");

        var recovery = await SetSecondStepUpAsync(ana.Page, name => CheckAsync(ana, name));
        await ana.Page.GotoAsync("/");
        await ana.Page.Composer().FillAsync("What nobody else is to read");
        await ana.Page.GotoAsync("/account");
        await CheckAsync(ana, "account");
        Assert.Equal(1, await DraftsAsync());
        await ana.Page.Locator("button[formaction^='/account/sessions/']").First.ClickAsync();
        await Expect(ana.Page.Locator("#field-email")).ToBeFocusedAsync();
        Assert.Equal(0, await DraftsAsync());
        await FillAsync(ana.Page, ("email", "ana@example.org"), ("password", "not the password"));
        await ana.Page.Keyboard.PressAsync("Enter");
        await Expect(ana.Page.GetByRole(AriaRole.Alert)).ToBeVisibleAsync();
        await CheckAsync(ana, "sign-in");
        await FillAsync(ana.Page, ("password", Visitor.Password));
        await ana.Page.Keyboard.PressAsync("Enter");
        await Expect(ana.Page.Locator("#field-entered")).ToBeFocusedAsync();
        await FillAsync(ana.Page, ("entered", "no code at all"));
        await ana.Page.Keyboard.PressAsync("Enter");
        await Expect(ana.Page.GetByRole(AriaRole.Alert)).ToBeVisibleAsync();
        await CheckAsync(ana, "sign-in-code");
        await FillAsync(ana.Page, ("entered", recovery));
        await ana.Page.Keyboard.PressAsync("Enter");
        await Expect(ana.Page.Locator("#new-chat")).ToHaveCountAsync(1);

        async Task CheckAsync(BrowserSession session, string name)
        {
            await session.Page.WaitForLoadStateAsync();
            await session.AssertAccessibleAsync();
            await session.PictureAsync($"{name}-{suffix}");
            Assert.True(await session.Page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"), $"The page {name} is wider than the screen.");
        }

        Task<int> DraftsAsync() => ana.Page.EvaluateAsync<int>("Object.keys(localStorage).filter(key => localStorage[key].includes('nobody else')).length");
    }

    private static async Task<string> SetSecondStepUpAsync(IPage page, Func<string, Task> check)
    {
        await page.GotoAsync("/account/second-step");
        await check("second-step");
        await FillAsync(page, ("password", Visitor.Password));
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator(".qr")).ToBeVisibleAsync();
        await FillAsync(page, ("code", "000000"));
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("#second-step [role=alert]")).ToBeVisibleAsync();
        await check("second-step-key");
        await FillAsync(page, ("code", new Device(await page.Locator("#second-step-key").InnerTextAsync()).Code()));
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("#recovery-codes code")).ToHaveCountAsync(10);
        await check("second-step-codes");
        return await page.Locator("#recovery-codes code").First.InnerTextAsync();
    }

    private static async Task FillAsync(IPage page, params (string Field, string Text)[] fields)
    {
        foreach (var (field, text) in fields)
        {
            await page.Locator($"#field-{field}").FillAsync(text);
        }
    }
}
