using Calango.Browser.Tests.Browsing;
using Calango.Tests.Support.Upstream;
using static Microsoft.Playwright.Assertions;

namespace Calango.Browser.Tests;

public sealed class ComparisonTests(Browsers browsers, ChatServer server) : IClassFixture<ChatServer>
{
    private static CancellationToken TestEnd => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_second_answer_comes_as_it_is_written_and_nothing_is_asked_meanwhile()
    {
        var chat = await server.WriteChatAsync(1, TestEnd);
        await using var ana = await server.OpenAsync(browsers, chat);
        await ana.Page.GotoAsync((await ana.Page.Locator(".facts a").GetAttributeAsync("href"))!);
        server.Upstream.Enqueue(new UpstreamReply { Reasoning = 3, Text = "Let me think. Here comes **another** one.", HoldAfter = 5 });
        var stream = ana.Page.WaitForRequestAsync("**/events?after=*");
        await ana.Page.Locator("[hx-post$='/reruns']").ClickAsync();
        await stream;
        var asked = 0;
        ana.Page.Request += (_, request) => asked += request.Url.EndsWith("/comparison", StringComparison.Ordinal) ? 1 : 0;
        var second = ana.Page.Locator(".comparison__answer").Nth(1);

        await Expect(second.Locator(".answer")).ToContainTextAsync("Here comes");
        await Expect(second).ToHaveAttributeAsync("aria-busy", "true");
        await Expect(second.Locator("[data-reasoning]")).ToBeVisibleAsync();
        Assert.Equal(0, asked);
        server.Upstream.Release();

        await Expect(second).ToHaveAttributeAsync("data-state", "Complete");
        await Expect(second.Locator(".answer strong")).ToHaveTextAsync("another");
        await Expect(second.Locator(".facts")).ToBeVisibleAsync();
        Assert.Equal(1, asked);
    }

    [Fact]
    public async Task A_page_that_is_opened_in_between_goes_on_from_there()
    {
        var chat = await server.WriteChatAsync(1, TestEnd);
        await using var ana = await server.OpenAsync(browsers, chat);
        await ana.Page.GotoAsync((await ana.Page.Locator(".facts a").GetAttributeAsync("href"))!);
        server.Upstream.Enqueue(new UpstreamReply { Text = "One. Two. Three. Four.", HoldAfter = 3 });
        await ana.Page.Locator("[hx-post$='/reruns']").ClickAsync();
        var second = ana.Page.Locator(".comparison__answer").Nth(1);
        await Expect(second.Locator(".answer")).ToContainTextAsync("One.");

        await ana.Page.ReloadAsync();
        await Expect(second.Locator(".answer")).ToContainTextAsync("One.");
        server.Upstream.Release();

        await Expect(second).ToHaveAttributeAsync("data-state", "Complete");
        await Expect(second.Locator(".answer")).ToHaveTextAsync("One. Two. Three. Four.");
    }

    [Fact]
    public async Task UX_58_the_question_in_the_box_goes_to_the_models_that_are_ticked_and_both_answers_are_seen_growing()
    {
        await using var ana = await server.OpenAsync(browsers);
        server.Upstream.Default = new UpstreamReply { Text = "One. Two. Three.", HoldAfter = 2 };
        await ana.Page.Locator("#model a[href^='/models/several']").ClickAsync();
        await ana.Page.Locator("#dialog").GetByLabel("gecko-large").CheckAsync();
        await ana.Page.Locator("#dialog").GetByLabel("gecko-small").CheckAsync();
        await ana.Page.Locator("#dialog").Button("Ask them").ClickAsync();
        // There was nothing to ask yet.
        await Expect(ana.Page.Locator("#dialog")).ToBeHiddenAsync();
        await Expect(ana.Page.Composer()).ToBeFocusedAsync();
        await ana.Page.Composer().FillAsync("Which lizard?");
        await ana.Page.Locator("#model a[href^='/models/several']").ClickAsync();
        await ana.Page.Locator("#dialog").GetByLabel("gecko-large").CheckAsync();
        await ana.Page.Locator("#dialog").GetByLabel("gecko-small").CheckAsync();
        await ana.Page.Locator("#dialog").Button("Ask them").ClickAsync();
        var answers = ana.Page.Locator(".comparison__answer");

        foreach (var model in (string[])["gecko-large", "gecko-small"])
        {
            await Expect(answers.Filter(new() { HasText = model })).ToContainTextAsync("One.");
            await Expect(answers.Filter(new() { HasText = model })).ToHaveAttributeAsync("aria-busy", "true");
        }

        server.Upstream.Release();
        await Expect(answers.Filter(new() { HasText = "gecko-large" })).ToHaveAttributeAsync("data-state", "Complete");
        await answers.Filter(new() { HasText = "gecko-small" }).Button("Go on with this one").ClickAsync();

        await Expect(ana.Page.Locator(".message--answer .message__who")).ToContainTextAsync("gecko-small");
        await Expect(ana.Page.Composer()).ToHaveValueAsync("");
        server.Upstream.Default = new UpstreamReply();
    }
}
