using Calango.Browser.Tests.Browsing;
using Calango.Tests.Fixtures;
using Calango.Tests.Support.Upstream;
using static Microsoft.Playwright.Assertions;

namespace Calango.Browser.Tests;

/// <summary>What the frame of a diagram, whose text a model wrote, can do to the page around it.</summary>
public sealed class DiagramTests(Browsers browsers, ChatServer server) : IClassFixture<ChatServer>
{
    [Fact]
    public async Task X03_what_its_frame_says_sets_its_height_within_bounds_and_nothing_else()
    {
        await using var ana = await server.OpenAsync(browsers);
        server.Upstream.Enqueue(new UpstreamReply { Text = "```mermaid\nflowchart LR\n  A[Sun] --> B[Lizard]\n```" });
        await ana.Page.Composer().FillAsync("Draw it");
        await ana.Page.Composer().PressAsync("Enter");
        await Expect(ana.Page.Locator(".code--drawn")).ToHaveCountAsync(1);
        var diagram = ana.Page.Locator(".code__diagram");
        var inside = ana.Page.FrameLocator(".code__diagram").Locator("body");
        var drawn = await diagram.EvaluateAsync<string>("frame => { window.heights = []; new MutationObserver(() => heights.push(frame.style.height)).observe(frame, { attributes: true }); return frame.style.height }");

        // Its origin is nobody's, so it has neither our cookies nor our pages.
        Assert.Equal("null", await inside.EvaluateAsync<string>("() => origin"));
        Assert.Equal("SecurityError", await inside.EvaluateAsync<string>("() => { try { return parent.document.title } catch (error) { return error.name } }"));
        Assert.Equal("SecurityError", await inside.EvaluateAsync<string>("() => { try { return document.cookie } catch (error) { return error.name } }"));

        // What is no height is passed over, and so is whatever another window says in its name.
        await inside.EvaluateAsync("() => { for (const said of [null, 'drawn', { type: 'drawn' }, { type: 'drawn', height: 'calc(9px); color: red' }, { type: 'drawn', height: {} }, { type: 'drawn', height: -5 }, { type: 'navigate', href: '/account' }]) parent.postMessage(said, '*') }");
        await ana.Page.EvaluateAsync("() => { postMessage({ type: 'failed' }, '*'); postMessage({ type: 'drawn', height: 7 }, '*') }");
        await inside.EvaluateAsync("() => parent.postMessage({ type: 'drawn', height: 1e9 }, '*')");

        // Messages come in their order: with this one all before it were heard.
        await Eventually.HoldsAsync("it was heard", () => ana.Page.EvaluateAsync<bool>("heights.includes('4000px')"), TestContext.Current.CancellationToken);
        Assert.Subset(new HashSet<string> { drawn, "4000px" }, (await ana.Page.EvaluateAsync<string[]>("heights")).ToHashSet());
        await Expect(ana.Page.Locator(".code--drawn")).ToHaveCountAsync(1);
    }
}
