using Calango.Browser.Tests.Browsing;
using Calango.Tests.Support.Upstream;
using static Microsoft.Playwright.Assertions;

namespace Calango.Browser.Tests;

public sealed class LongChatTests(Browsers browsers, ChatServer server) : IClassFixture<ChatServer>
{
    private const int Exchanges = 40;

    private static CancellationToken TestEnd => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Scrolling_up_brings_older_messages_without_moving_what_is_read()
    {
        await using var ana = await server.OpenAsync(browsers, await server.WriteChatAsync(Exchanges, TestEnd));
        await Expect(ana.Page.Questions().Last).ToBeInViewportAsync();
        await Expect(ana.Page.Messages()).ToHaveCountAsync(30);

        foreach (var count in new[] { 60, 2 * Exchanges })
        {
            var top = ana.Page.Messages().First;
            var (id, place) = (await top.GetAttributeAsync("id"), await top.EvaluateAsync<double>(
                """
                message => {
                  const scroll = message.closest('#scroll')
                  scroll.scrollTop = 30 - scroll.scrollHeight + scroll.clientHeight
                  return message.getBoundingClientRect().top
                }
                """));
            await Expect(ana.Page.Messages()).ToHaveCountAsync(count);
            Assert.Equal(place, (await ana.Page.Locator($"[id='{id}']").BoundingBoxAsync())!.Y, 1.0);
        }

        await Expect(ana.Page.Locator(".older")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task A_search_hit_opens_an_old_part_of_the_chat_and_one_comes_back_by_a_click_or_by_sending()
    {
        var chat = await server.WriteChatAsync(Exchanges, TestEnd, new UpstreamReply { Text = "A needle in the hay." });
        await using var ana = await server.OpenAsync(browsers);
        var needle = ana.Page.Answers().Filter(new() { HasText = "A needle in the hay." });
        var newest = ana.Page.Answers().Filter(new() { HasText = $"Answer {Exchanges}." });

        await ana.Page.Locator("#search").FillAsync("needle");
        await ana.Page.Locator("#search-results [data-hit]").ClickAsync();
        await Expect(needle).ToBeInViewportAsync();
        await Expect(newest).ToHaveCountAsync(0);
        var hit = ana.Page.Url;
        await ana.PictureAsync("search-hit");
        await ana.Page.Locator("#messages").Link("Newest messages").ClickAsync();
        await Expect(newest).ToBeInViewportAsync();

        await ana.Page.GotoAsync(hit);
        await Expect(needle).ToBeInViewportAsync();
        await ana.Page.SendAsync("And now?");
        await Expect(newest).ToBeInViewportAsync();
        await Expect(ana.Page.Questions().Last).ToContainTextAsync("And now?");
        await Expect(ana.Page.Questions().Last).ToBeInViewportAsync();
        await Expect(ana.Page).ToHaveURLAsync(new Uri(server.App.Address, chat).ToString());
    }

    [Fact]
    public async Task A_marker_shows_from_where_on_the_model_reads()
    {
        await using var ana = await server.OpenAsync(browsers);
        var words = string.Join(' ', Enumerable.Repeat("words", 60));
        await ana.Page.AskAsync($"One {words}");
        await ana.Page.Locator(".chat__tools").Link("Chat settings").ClickAsync();
        await ana.Page.Locator("#dialog").GetByLabel("Token limit").FillAsync("256");
        await ana.Page.Locator("#dialog").Button("Save").ClickAsync();
        await Expect(ana.Page.Locator("#dialog")).ToBeHiddenAsync();
        await Expect(ana.Page.Locator(".omitted")).ToHaveCountAsync(0);

        await ana.Page.AskAsync($"Two {words}");
        await ana.Page.AskAsync($"Three {words}");

        var marker = ana.Page.Locator(".omitted");
        await Expect(marker).ToHaveTextAsync("2 messages above no longer fit into what the model reads");
        await Expect(ana.Page.Locator(".omitted + .message--question")).ToContainTextAsync("Two");
        Assert.StartsWith("Two", server.Upstream.Requests[^1].Messages[0].Text, StringComparison.Ordinal);

        await ana.Page.AskAsync($"Four {words}");
        await Expect(marker).ToHaveTextAsync("4 messages above no longer fit into what the model reads");
        await Expect(ana.Page.Locator(".omitted + .message--question")).ToContainTextAsync("Three");
        await ana.PictureAsync("omitted");
        await ana.Page.ReloadAsync();
        await Expect(marker).ToHaveTextAsync("4 messages above no longer fit into what the model reads");

        await ana.Page.Locator(".chat__tools").Link("Chat settings").ClickAsync();
        await ana.Page.Locator("#dialog").Button("Reset all").ClickAsync();
        await Expect(ana.Page.Locator("#dialog")).ToBeHiddenAsync();
        await ana.Page.AskAsync("Five");
        await Expect(marker).ToHaveCountAsync(0);
    }
}
