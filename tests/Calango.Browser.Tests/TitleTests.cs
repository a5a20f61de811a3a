using Calango.Browser.Tests.Browsing;
using Calango.Core.Chat;
using Calango.Tests.Fixtures;
using Calango.Tests.Support.Upstream;
using Microsoft.Extensions.DependencyInjection;
using static Microsoft.Playwright.Assertions;

namespace Calango.Browser.Tests;

public sealed class TitleTests(Browsers browsers)
{
    private static CancellationToken TestEnd => TestContext.Current.CancellationToken;

    [Fact]
    public async Task After_the_first_exchange_the_chat_is_named_after_its_subject()
    {
        await using var app = await TestApp.StartAsync();
        await using var ana = await browsers.OpenAsync(app.Address, new());
        app.Upstream.Enqueue(new UpstreamReply { Text = "They need its warmth." }, new UpstreamReply { Text = "Lizards in the sun" });
        await ana.Page.GotoAsync("/");

        await ana.Page.AskAsync("Why do lizards lie in the sun?");

        await Expect(ana.Page.Locator("#title")).ToHaveTextAsync("Lizards in the sun");
        await Expect(ana.Page.Locator(".conversation")).ToHaveTextAsync("Lizards in the sun");
        await Expect(ana.Page).ToHaveTitleAsync("Lizards in the sun · Calango");
        Assert.Contains("Why do lizards lie in the sun?", app.Upstream.Requests[^1].LastUserText, StringComparison.Ordinal);
        Assert.Contains("They need its warmth.", app.Upstream.Requests[^1].LastUserText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_that_is_being_typed_stays_when_the_answer_ends()
    {
        await using var app = await TestApp.StartAsync();
        await using var ana = await browsers.OpenAsync(app.Address, new());
        app.Upstream.Enqueue(new UpstreamReply { Text = "They need its warmth.", HoldAfter = 2 });
        await ana.Page.GotoAsync("/");
        await ana.Page.SendAsync("Why do lizards lie in the sun?");
        await Expect(ana.Page.Answers()).ToContainTextAsync("They need");

        await ana.Page.Locator("#title a").ClickAsync();
        await Expect(ana.Page.Locator("#title-text")).ToBeFocusedAsync();
        await ana.Page.Keyboard.TypeAsync("My li");
        app.Upstream.Release();
        await Expect(ana.Page.Answers()).ToHaveAttributeAsync("data-state", "Complete");

        await Expect(ana.Page.Locator("#title-text")).ToHaveValueAsync("My li");
    }

    [Fact]
    public async Task A_name_given_by_hand_wins_over_the_title_that_a_model_still_writes()
    {
        await using var app = await TestApp.StartAsync();
        await using var ana = await browsers.OpenAsync(app.Address, new());
        app.Upstream.Enqueue(new UpstreamReply { Text = "They need its warmth." }, new UpstreamReply { Text = "Lizards in the sun", HoldAfter = 1 });
        await ana.Page.GotoAsync("/");
        // The page waits for the model's title while the name is typed.
        var waits = ana.Page.WaitForRequestAsync("**/title");
        await ana.Page.AskAsync("Why do lizards lie in the sun?");
        var name = ana.Page.Locator("#title-text");
        await app.Upstream.NextRequestAsync(TestEnd);
        await (await app.Upstream.NextRequestAsync(TestEnd)).Held;
        await waits;
        await ana.Page.Locator("#title a").ClickAsync();
        await Expect(name).ToBeFocusedAsync();
        await ana.Page.Keyboard.TypeAsync("My li");
        app.Upstream.Release();
        var id = Guid.Parse(ana.Page.Url.Split('/')[^1]);
        await app.Services.GetRequiredService<Titles>().WaitAsync(id, TestEnd);
        await Expect(name).ToHaveValueAsync("My li");
        await ana.Page.Keyboard.TypeAsync("zards");
        await ana.Page.Keyboard.PressAsync("Enter");

        await Expect(ana.Page.Locator("#title")).ToHaveTextAsync("My lizards");
        await Expect(ana.Page.Composer()).ToBeFocusedAsync();
        await Expect(ana.Page.Locator(".conversation")).ToHaveTextAsync("My lizards");
        await ana.Page.AskAsync("And at night?");
        await ana.Page.ReloadAsync();
        await Expect(ana.Page.Locator("#title")).ToHaveTextAsync("My lizards");
    }
}
