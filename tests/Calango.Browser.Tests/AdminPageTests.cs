using Calango.Browser.Tests.Browsing;
using Calango.Tests.Fixtures;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Calango.Browser.Tests;

/// <summary>The pages that only a server of many people has, for whoever runs it and for whoever is on it: accessible, no wider than the screen, and pictured.</summary>
public sealed class AdminPageTests(Browsers browsers)
{
    private static CancellationToken TestEnd => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("en-US", ColorScheme.Light, 1280)]
    [InlineData("pt-BR", ColorScheme.Dark, 1280)]
    [InlineData("pt-BR", ColorScheme.Dark, 360)]
    [InlineData("en-US", ColorScheme.Light, 360)]
    public async Task Every_page_of_a_server_of_many_people_is_accessible_and_fits(string locale, ColorScheme colors, int width)
    {
        Assert.SkipWhen(PostgresServer.WhyNot is not null, PostgresServer.WhyNot ?? "");
        await using var app = await TestApp.StartAsync(DatabaseKind.Postgres);
        using var owner = app.Visit();
        var (group, role, quota, webhook, collection) = await FillAsync(app, owner);
        await using var ana = await browsers.OpenAsync(app.Address, new() { Locale = locale, ColorScheme = colors, ViewportSize = new() { Width = width, Height = 1600 } });
        ana.Expect("400");
        await ana.Page.GotoAsync("/sign-in");
        await ana.Page.Locator("#field-email").FillAsync("ana@example.org");
        await ana.Page.Locator("#field-password").FillAsync(Visitor.Password);
        await ana.Page.Keyboard.PressAsync("Enter");
        await Expect(ana.Page.Locator("#new-chat")).ToHaveCountAsync(1);

        foreach (var (name, path) in new[]
        {
            ("groups", "/admin/groups"), ("group", group), ("roles", "/admin/roles"), ("role", role), ("role-admin", "/admin/roles/01900000-0000-7000-8000-000000000011"), ("role-member", "/admin/roles/01900000-0000-7000-8000-000000000012"), ("access", "/admin/access"), ("mail", "/admin/mail"), ("quotas", "/admin/quotas"), ("quota", quota), ("your-quotas", "/account/quotas"), ("sessions", "/admin/sessions"), ("second-steps", "/admin/people/second-step"), ("jobs", "/admin/jobs"), ("vector-index", "/admin/index"), ("job", "/admin/jobs/traces"), ("webhooks", "/account/webhooks"), ("webhook", webhook), ("collection-members", $"{collection}/members"), ("collection-shared", collection),
        })
        {
            await ana.Page.GotoAsync(path);
            await CheckAsync(name);
        }

        await ana.Page.GotoAsync("/admin/quotas");
        await ana.Page.Locator("#quota-form button[type=submit]").ClickAsync();
        await Expect(ana.Page.Locator(".field__error")).ToHaveCountAsync(1);
        await CheckAsync("quota-refused");
        await ana.Page.GotoAsync("/admin/people/second-step");
        await ana.Page.Locator("#demand input[value=Everybody]").CheckAsync();
        await ana.Page.Locator("#demand button[type=submit]").ClickAsync();
        await Expect(ana.Page.Locator("#second-step-demanded")).ToHaveCountAsync(1);
        await CheckAsync("second-step-demanded");

        async Task CheckAsync(string name)
        {
            await ana.Page.WaitForLoadStateAsync();
            await ana.AssertAccessibleAsync();
            await ana.PictureAsync($"{name}-{locale}-{colors}-{width}", whole: true);
            Assert.True(await ana.Page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"), $"The page {name} is wider than the screen.");
        }
    }

    private static async Task<(string Group, string Role, string Quota, string Webhook, string Collection)> FillAsync(TestApp app, Visitor owner)
    {
        using var bruno = app.VisitAsStranger();
        await bruno.AcceptAsync(await owner.InviteAsync("bruno@example.org", cancellationToken: TestEnd), cancellationToken: TestEnd);
        await owner.PostAsync("/admin/groups", TestEnd, ("Name", "Writers"));
        var group = owner.Path;
        var id = group.Split('/')[^1];
        await owner.PostAsync("/admin/roles", TestEnd, ("Name", "Ombudsman of the correspondents abroad"), ("Grants", "Chat"));
        var role = owner.Path;
        await owner.PostAsync(group, TestEnd, ("Email", "ana@example.org"));
        await owner.PostAsync("/admin/quotas", TestEnd, ("Scope", "Group"), ("GroupId", id), ("Model", app.Model.ToString()), ("Unit", "Money"), ("Period", "Month"), ("Limit", "250"));
        await owner.PostAsync("/admin/quotas", TestEnd, ("Scope", "Person"), ("Email", "bruno@example.org"), ("Limit", "5000"));
        await owner.PostAsync("/admin/quotas", TestEnd, ("Scope", "Everybody"), ("Limit", "150000"));
        var quota = owner.Path;
        await owner.PostAsync(quota, TestEnd, ("Email", "ana@example.org"), ("Amount", "2000"), ("Reason", "a longer report"));
        await owner.PostAsync(quota, TestEnd, ("Email", "bruno@example.org"), ("Amount", "500"), ("Reason", "a trial"));
        var webhooks = await owner.PostAsync("/account/webhooks", TestEnd, ("Address", "https://hooks.example/calango/turns?a-long-name-of-a-parameter=a-value-that-does-not-fit-on-a-narrow-screen"));
        var webhook = webhooks.QuerySelector("#webhooks li a")!.GetAttribute("href")!;
        await owner.PostAsync("/messages", TestEnd, ("Text", "Hello"), ("Model", app.Model.ToString()));
        await Eventually.HoldsAsync("a message for it is there", async () => (await owner.GetAsync(webhook, TestEnd)).QuerySelector("#messages li") is not null, TestEnd);
        await owner.PostAsync("/knowledge", TestEnd, ("Name", "What the correspondents abroad have written"));
        var collection = owner.Path;
        await owner.PostAsync($"{collection}/members", TestEnd, ("Email", "bruno@example.org"), ("Right", "Write"));
        await owner.PostAsync($"{collection}/members", TestEnd, ("GroupId", id), ("Right", "Read"));
        return (group, role, quota, webhook, collection);
    }
}
