using Calango.Browser.Tests.Browsing;
using Calango.Tests.Support.Upstream;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Calango.Browser.Tests;

/// <summary>An answer that still grows, before the eyes of somebody who reads it.</summary>
public sealed class ReadingTests(Browsers browsers, ChatServer server) : IClassFixture<ChatServer>
{
    private const string Complete = ".message--answer[data-state=Complete]";

    // Paragraphs of twenty words, and one block of code, which is a single growing block.
    private static readonly string Paragraphs = string.Join("\n\n", Enumerable.Range(1, 80).Select(number => $"p{number} {string.Join(' ', Enumerable.Repeat("word", 19))}"));
    private static readonly string Lines = $"```\n{string.Join('\n', Enumerable.Range(1, 400).Select(number => $"line{number}"))}\n```";

    public static TheoryData<string, string> LongAnswers => new() { { "paragraphs", Paragraphs }, { "code", Lines } };

    [Theory]
    [MemberData(nameof(LongAnswers))]
    public async Task Who_scrolled_up_is_left_in_peace_and_can_jump_to_the_latest(string what, string text)
    {
        Assert.NotEmpty(what);
        await using var ana = await server.OpenAsync(browsers);
        server.Upstream.Enqueue(new UpstreamReply { Text = text, HoldAfter = text == Lines ? 200 : 800 });
        var jump = ana.Page.GetByRole(AriaRole.Button, new() { Name = "Jump to latest" });
        var seen = text == Lines ? "line199" : "p40 ";

        await ana.Page.SendAsync("Tell me much");
        await Expect(ana.Page.GetByText(seen).First).ToBeInViewportAsync();
        await Expect(jump).ToBeHiddenAsync();
        await ana.Page.Locator("#scroll").HoverAsync();
        await ana.Page.Mouse.WheelAsync(0, -400);
        await Expect(jump).ToBeVisibleAsync();
        var before = await PlaceAsync(ana.Page, text == Lines ? "line185" : "p38 ");
        server.Upstream.Release();
        await Expect(ana.Page.Locator(Complete)).ToHaveCountAsync(1);

        Assert.Equal(before, await PlaceAsync(ana.Page, text == Lines ? "line185" : "p38 "), 2.0);
        await ana.PictureAsync("jump");
        await jump.ClickAsync();
        await Expect(ana.Page.Locator($"{Complete} .message__foot")).ToBeInViewportAsync();
        await Expect(jump).ToBeHiddenAsync();
    }

    [Fact]
    public async Task Nothing_jumps_when_an_answer_starts_and_when_it_ends()
    {
        await using var ana = await server.OpenAsync(browsers);
        server.Upstream.Enqueue(new UpstreamReply { Text = Paragraphs }, new UpstreamReply { Text = "A short answer with code.\n\n```js\nsun()\n```\n\nAnd its end.", HoldAfter = 20 });
        await ana.Page.AskAsync("Fill the page");
        var composer = await ana.Page.Locator("#composer").BoundingBoxAsync();

        await ana.Page.SendAsync("Short");
        await Expect(ana.Page.Answers().Last).ToContainTextAsync("And its");
        Assert.Equal(composer!.Y, (await ana.Page.Locator("#composer").BoundingBoxAsync())!.Y, 1.0);
        await Expect(ana.Page.Locator("[data-coloured]")).ToHaveCountAsync(1);
        var before = await PlaceAsync(ana.Page, "A short answer");
        server.Upstream.Release();
        await Expect(ana.Page.Locator(Complete)).ToHaveCountAsync(2);

        Assert.Equal(before, await PlaceAsync(ana.Page, "A short answer"), 1.0);
        Assert.Equal(composer.Y, (await ana.Page.Locator("#composer").BoundingBoxAsync())!.Y, 1.0);
    }

    [Theory]
    [InlineData("Smoothly", "First one. Second two. Third three")]
    [InlineData("By word", "First one. Second two. Third")]
    [InlineData("By sentence", "First one. Second two.")]
    public async Task An_answer_appears_in_the_manner_that_was_chosen(string flow, string shown)
    {
        await using var ana = await server.OpenAsync(browsers);
        server.Upstream.Enqueue(new UpstreamReply { Text = "First one. Second two. Third three four. The end.", HoldAfter = 6 });
        await ana.Page.Locator("#sidebar").Link("Preferences").ClickAsync();
        await ana.Page.GetByLabel(flow, new() { Exact = true }).CheckAsync();
        await ana.Page.Keyboard.PressAsync("Escape");

        await ana.Page.SendAsync("Count");
        await Expect(ana.Page.Locator("[data-answer]")).ToHaveTextAsync(shown);
        server.Upstream.Release();

        await Expect(ana.Page.Locator(Complete)).ToContainTextAsync("Third three four. The end.");
    }

    private static async Task<double> PlaceAsync(IPage page, string text) =>
        await page.Locator("#scroll").EvaluateAsync<double>(
            """
            (scroll, text) => {
              const texts = document.createTreeWalker(scroll, NodeFilter.SHOW_TEXT)
              while (texts.nextNode()) {
                const at = texts.currentNode.data.indexOf(text)
                if (at < 0) continue
                const range = document.createRange()
                range.setStart(texts.currentNode, at)
                range.setEnd(texts.currentNode, at + text.length)
                return range.getBoundingClientRect().top
              }
            }
            """, text);
}
