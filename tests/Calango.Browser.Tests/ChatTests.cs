using Calango.Browser.Tests.Browsing;
using Calango.Tests.Fixtures;
using Calango.Tests.Support.Upstream;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Calango.Browser.Tests;

public sealed class ChatTests(Browsers browsers)
{
    private const string Answer = ".message--answer";

    [Fact]
    public async Task An_answer_streams_as_finished_html_and_survives_a_refresh_in_its_middle()
    {
        await using var app = await TestApp.StartAsync();
        await using var ana = await browsers.OpenAsync(app.Address, new());
        app.Upstream.Enqueue(new UpstreamReply { Text = "## Lizards\n\n- quick\n- small\n\n```csharp\nvar sun = true;\n```\n\nThe end.", HoldAfter = 6 });
        await ana.Page.GotoAsync("/");

        await SendAsync(ana.Page, "Tell me about lizards");
        await Expect(ana.Page.Locator($"{Answer} h2:has-text('Lizards')")).ToBeVisibleAsync();
        await ana.Page.ReloadAsync();
        await Expect(ana.Page.Locator($"{Answer} h2:has-text('Lizards')")).ToBeVisibleAsync();
        app.Upstream.Release();

        await Expect(ana.Page.Locator($"{Answer} li")).ToHaveCountAsync(2);
        await Expect(ana.Page.Locator($"{Answer} pre code")).ToContainTextAsync("var sun = true;");
        await Expect(ana.Page.Locator(Answer)).ToContainTextAsync("The end.");
        await Expect(ana.Page.Locator(Answer)).ToHaveCountAsync(1);
        await ana.AssertAccessibleAsync();
        await ana.PictureAsync("answer");
    }

    [Fact]
    public async Task Escape_stops_and_what_had_come_is_kept()
    {
        await using var app = await TestApp.StartAsync();
        await using var ana = await browsers.OpenAsync(app.Address, new());
        app.Upstream.Enqueue(new UpstreamReply { Tokens = 50, HoldAfter = 3 });
        await ana.Page.GotoAsync("/");

        await SendAsync(ana.Page, "Count");
        await Expect(ana.Page.Locator(Answer)).ToContainTextAsync("w1 w2 w3");
        await Expect(ana.Page.Locator("#composer-action [data-stop]")).ToBeVisibleAsync();
        await ana.Page.Keyboard.PressAsync("Escape");

        await Expect(ana.Page.Locator("#composer-action [data-send]")).ToBeVisibleAsync();
        await Expect(ana.Page.Locator($"{Answer}[data-state=Stopped]")).ToContainTextAsync("w1 w2 w3");
    }

    [Fact]
    public async Task Another_answer_stands_beside_the_first_and_the_choice_is_kept()
    {
        await using var app = await TestApp.StartAsync();
        await using var ana = await browsers.OpenAsync(app.Address, new());
        app.Upstream.Enqueue(new UpstreamReply { Text = "The first one." }, new UpstreamReply { Text = "A title" }, new UpstreamReply { Text = "The second one." });
        await ana.Page.GotoAsync("/");
        await SendAsync(ana.Page, "Say it");
        await Expect(ana.Page.Locator(Answer)).ToContainTextAsync("The first one.");
        await Expect(ana.Page.Locator("#main")).ToContainTextAsync("A title");

        await ana.Page.GetByRole(AriaRole.Button, new() { Name = "Answer again", Exact = true }).ClickAsync();
        await Expect(ana.Page.Locator(Answer)).ToContainTextAsync("The second one.");
        await Expect(ana.Page.Locator($"{Answer} .siblings__place")).ToHaveTextAsync("2/2");
        await ana.Page.Locator($"{Answer} .siblings button").First.ClickAsync();
        await Expect(ana.Page.Locator(Answer)).ToContainTextAsync("The first one.");

        await ana.Page.ReloadAsync();
        await Expect(ana.Page.Locator(Answer)).ToContainTextAsync("The first one.");
        await Expect(ana.Page.Locator($"{Answer} .siblings__place")).ToHaveTextAsync("1/2");
    }

    [Fact]
    public async Task A_draft_survives_a_refresh_and_Shift_Enter_breaks_the_line()
    {
        await using var app = await TestApp.StartAsync();
        await using var ana = await browsers.OpenAsync(app.Address, new());
        await ana.Page.GotoAsync("/");

        await ana.Page.Locator("#composer-text").PressSequentiallyAsync("one");
        await ana.Page.Keyboard.PressAsync("Shift+Enter");
        await ana.Page.Locator("#composer-text").PressSequentiallyAsync("two");
        await ana.Page.ReloadAsync();

        await Expect(ana.Page.Locator("#composer-text")).ToHaveValueAsync("one\ntwo");
        Assert.Empty(app.Upstream.Requests);
    }

    [Fact]
    public async Task Eight_tabs_of_running_turns_leave_room_for_a_ninth_page()
    {
        await using var app = await TestApp.StartAsync();
        await using var ana = await browsers.OpenAsync(app.Address, new());
        app.Upstream.Default = new UpstreamReply { Tokens = 50, HoldAfter = 2 };
        for (var i = 0; i < 8; i++)
        {
            var tab = i == 0 ? ana.Page : await ana.NewTabAsync();
            await tab.GotoAsync("/");
            await SendAsync(tab, $"Chat {i}");
            await Expect(tab.Locator(Answer)).ToContainTextAsync("w1 w2");
        }

        var ninth = await ana.NewTabAsync();
        await ninth.GotoAsync("/");
        await Expect(ninth.Locator("#composer-text")).ToBeVisibleAsync();

        app.Upstream.Default = new UpstreamReply { Text = "title" };
        app.Upstream.Release();
        foreach (var tab in ana.Context.Pages.Take(8))
        {
            await tab.BringToFrontAsync();
            await Expect(tab.Locator($"{Answer}[data-state=Complete]")).ToContainTextAsync("w50");
        }
    }

    [Fact]
    public async Task Without_scripts_one_can_send_and_read_the_whole_answer()
    {
        await using var app = await TestApp.StartAsync();
        await using var ana = await browsers.OpenAsync(app.Address, new() { JavaScriptEnabled = false });
        app.Upstream.Enqueue(new UpstreamReply { Text = "No scripts needed." });
        await ana.Page.GotoAsync("/");

        await ana.Page.Locator("#composer-text").FillAsync("Hello");
        await ana.Page.Locator("[data-send]").ClickAsync();

        // The page asks for itself again until the answer is whole.
        await Expect(ana.Page.Locator(Answer)).ToContainTextAsync("No scripts needed.", new() { Timeout = 15_000 });
    }

    private static async Task SendAsync(IPage page, string text)
    {
        await page.Locator("#composer-text").FillAsync(text);
        await page.Keyboard.PressAsync("Enter");
    }
}
