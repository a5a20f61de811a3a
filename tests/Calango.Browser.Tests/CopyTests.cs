using Calango.Browser.Tests.Browsing;
using Calango.Tests.Support.Upstream;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Calango.Browser.Tests;

public sealed class CopyTests(Browsers browsers, ChatServer server) : IClassFixture<ChatServer>
{
    private const string Code = "let lizard = \"a line that is much longer than any column of the page could ever be, whatever its width, and then some more of it\";\nsun();";
    private const string Markdown = $"**Bold** words.\n\n```js\n{Code}\n```";

    [Fact]
    public async Task An_answer_is_copied_as_the_Markdown_it_was_written_in()
    {
        await using var ana = await AnsweredAsync();

        await ana.Page.Answers().Link("Copy as Markdown").ClickAsync();

        await Expect(ana.Page.Locator("#announcer")).ToHaveTextAsync("Copied.");
        Assert.Equal(Markdown, await ClipboardAsync(ana.Page));
    }

    [Fact]
    public async Task Code_is_copied_alone_and_wraps_on_demand()
    {
        await using var ana = await AnsweredAsync();
        var block = ana.Page.Locator(".code");
        await Expect(block.Locator("[data-coloured]")).ToHaveCountAsync(1);

        await block.Button("Copy code").ClickAsync();
        await Expect(block.Button("Copied")).ToBeVisibleAsync();
        Assert.Equal(Code, (await ClipboardAsync(ana.Page)).TrimEnd('\n'));

        Assert.True(await IsCutAsync(block), "A long line should have to be scrolled to.");
        await block.Button("Wrap long lines").ClickAsync();
        Assert.False(await IsCutAsync(block), "A wrapped line should be seen whole.");
        await Expect(block.Button("Wrap long lines")).ToHaveAttributeAsync("aria-pressed", "true");
        await block.Button("Wrap long lines").ClickAsync();
        Assert.True(await IsCutAsync(block));
    }

    private async Task<BrowserSession> AnsweredAsync()
    {
        server.Upstream.Enqueue(new UpstreamReply { Text = Markdown });
        var ana = await server.OpenAsync(browsers);
        await ana.Context.GrantPermissionsAsync(["clipboard-read", "clipboard-write"]);
        await ana.Page.AskAsync("Show me");
        return ana;
    }

    private static Task<string> ClipboardAsync(IPage page) => page.EvaluateAsync<string>("navigator.clipboard.readText()");

    private static Task<bool> IsCutAsync(ILocator block) => block.Locator("pre").EvaluateAsync<bool>("pre => pre.scrollWidth > pre.clientWidth");
}
