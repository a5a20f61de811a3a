using System.Text.RegularExpressions;
using Calango.Browser.Tests.Browsing;
using Calango.Tests.Fixtures;
using Calango.Tests.Support.Upstream;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Calango.Browser.Tests;

/// <summary>What the browser itself does for whoever reads and writes: files, voices, notices, pages without a network.</summary>
public sealed partial class ComfortTests(Browsers browsers, ChatServer server) : IClassFixture<ChatServer>
{
    private static CancellationToken TestEnd => TestContext.Current.CancellationToken;

    [GeneratedRegex("^●")]
    private static partial Regex Marked();

    [Fact]
    public async Task UX_35_and_47_code_is_saved_under_its_languages_ending_and_a_table_as_CSV_without_formulas()
    {
        var chat = await server.WriteChatAsync(1, TestEnd, new UpstreamReply { Text = "```python\nprint(1)\n```\n\n| Name | Sum |\n|---|---|\n| =1+1 | -2.5 |\n| a, \"b\" | é |\n" });
        await using var ana = await server.OpenAsync(browsers, chat);

        var code = await ana.Page.RunAndWaitForDownloadAsync(() => ana.Page.Answers().Button("Save as a file").ClickAsync());
        var table = await ana.Page.RunAndWaitForDownloadAsync(() => ana.Page.Answers().Button("Save as CSV").ClickAsync());

        Assert.Equal(("calango.py", "print(1)\n"), (code.SuggestedFilename, await File.ReadAllTextAsync(await code.PathAsync(), TestEnd)));
        Assert.Equal("calango.csv", table.SuggestedFilename);
        Assert.Equal("Name,Sum\r\n'=1+1,-2.5\r\n\"a, \"\"b\"\"\",é\r\n", await File.ReadAllTextAsync(await table.PathAsync(), TestEnd));
    }

    [Fact]
    public async Task UX_45_an_answer_is_read_aloud_by_sentences_without_its_code_until_it_is_told_to_stop()
    {
        var chat = await server.WriteChatAsync(1, TestEnd, new UpstreamReply { Text = "Sun is good. Shade is better!\n\n```\nnever spoken\n```\n\n| Calm |\n|---|\n\nGood night." });
        await using var ana = await browsers.OpenAsync(server.App.Address, new());
        // No voice is installed here.
        await ana.Context.AddInitScriptAsync(
            """
            window.spoken = []
            Object.defineProperty(window, 'speechSynthesis', { value: { cancel: () => spoken.push('-'), speak: utterance => { spoken.push(utterance.text); window.end = () => utterance.onend() } } })
            window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text } }
            """);
        await ana.Page.GotoAsync(chat);
        var button = ana.Page.Answers().Button("Read aloud");

        await Expect(ana.Page.Answers().Button("Save as CSV")).ToBeVisibleAsync();
        await button.ClickAsync();
        await Expect(button).ToHaveAttributeAsync("aria-pressed", "true");
        await ana.Page.EvaluateAsync("end()");
        await ana.Page.EvaluateAsync("end()");
        await ana.Page.EvaluateAsync("end()");
        await button.ClickAsync();

        await Expect(button).ToHaveAttributeAsync("aria-pressed", "false");
        Assert.Equal(["-", "Sun is good.", "Shade is better!", "Calm", "Good night.", "-"], await ana.Page.EvaluateAsync<string[]>("spoken"));
    }

    [Fact]
    public async Task UX_17_what_is_dictated_stands_in_the_box_behind_what_was_there()
    {
        await using var ana = await browsers.OpenAsync(server.App.Address, new());
        await ana.Context.AddInitScriptAsync(
            """
            window.SpeechRecognition = class { start() { window.heard = this } stop() { this.onend() } abort() { this.onend() } }
            """);
        await ana.Page.GotoAsync("/");
        await ana.Page.Composer().FillAsync("Dear lizard,");
        var button = ana.Page.Locator("[data-dictate]");

        await button.ClickAsync();
        await Expect(button).ToHaveAttributeAsync("aria-pressed", "true");
        await ana.Page.EvaluateAsync("heard.onresult({ results: [[{ transcript: 'good ' }], [{ transcript: 'morning' }]] })");
        await Expect(ana.Page.Composer()).ToHaveValueAsync("Dear lizard, good morning");
        await ana.Page.EvaluateAsync("heard.onerror({ error: 'not-allowed' })");
        await Expect(ana.Page.Locator(".toast")).ToContainTextAsync("Allow it to use the microphone");
        await button.ClickAsync();

        await Expect(button).ToHaveAttributeAsync("aria-pressed", "false");
        await Expect(ana.Page.Composer()).ToBeFocusedAsync();
    }

    [Fact]
    public async Task An_answer_that_ends_while_another_tab_is_looked_at_says_so_in_the_title()
    {
        await using var ana = await server.OpenAsync(browsers);
        server.Upstream.Enqueue(new UpstreamReply { Text = "One. Two. Three.", HoldAfter = 2 });
        await ana.Page.SendAsync("Count");
        await Expect(ana.Page.Answers().Last).ToContainTextAsync("One.");
        await ana.Page.EvaluateAsync("() => { Object.defineProperty(document, 'hidden', { configurable: true, get: () => true }); document.dispatchEvent(new Event('visibilitychange')) }");
        server.Upstream.Release();

        await Expect(ana.Page).ToHaveTitleAsync(Marked());
        await ana.Page.EvaluateAsync("() => { Object.defineProperty(document, 'hidden', { configurable: true, get: () => false }); document.dispatchEvent(new Event('visibilitychange')) }");
        await Expect(ana.Page).Not.ToHaveTitleAsync(Marked());
    }

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task With_more_contrast_large_text_and_full_width_a_chat_is_accessible_and_fits_and_stays_so(ColorScheme colors)
    {
        var chat = await server.WriteChatAsync(1, TestEnd);
        await using var ana = await browsers.OpenAsync(server.App.Address, new() { ColorScheme = colors, ViewportSize = new() { Width = 360, Height = 800 } });
        await ana.Page.GotoAsync("/preferences");
        foreach (var choice in (string[])["contrast=high", "size=larger", "width=full"])
        {
            await ana.Page.RunAndWaitForResponseAsync(() => ana.Page.Locator($"[name={choice.Split('=')[0]}][value={choice.Split('=')[1]}]").CheckAsync(), "**/preferences");
        }

        await ana.Page.GotoAsync(chat);

        await Expect(ana.Page.Locator("html[data-contrast=high][data-size=larger][data-width=full]")).ToHaveCountAsync(1);
        await ana.AssertAccessibleAsync();
        Assert.True(await ana.Page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"));
        await ana.PictureAsync($"comfort-{colors}");
    }

    [Fact]
    public async Task UX_84_a_chat_that_was_open_is_read_without_a_network_where_that_is_wanted_and_any_other_page_says_so()
    {
        var (kept, other) = (await server.WriteChatAsync(1, TestEnd, new UpstreamReply { Text = "Kept for the train." }), await server.WriteChatAsync(1, TestEnd));
        await using var ana = await browsers.OpenAsync(server.App.Address, new() { ServiceWorkers = ServiceWorkerPolicy.Allow });
        ana.Expect("ERR_INTERNET_DISCONNECTED");
        await ana.Page.GotoAsync("/preferences");
        await ana.Page.EvaluateAsync("navigator.serviceWorker.ready.then(() => true)");
        await ana.Page.RunAndWaitForResponseAsync(() => ana.Page.Locator("[name=offline][value=on]").CheckAsync(), "**/preferences");
        await ana.Page.GotoAsync(kept);
        await Eventually.HoldsAsync("it is kept", () => ana.Page.EvaluateAsync<bool>("path => caches.open('pages').then(cache => cache.match(path)).then(Boolean)", kept), TestEnd);

        await ana.Context.SetOfflineAsync(true);
        await ana.Page.ReloadAsync();
        await Expect(ana.Page.Answers()).ToContainTextAsync("Kept for the train.");
        await ana.Page.GotoAsync(other);
        await Expect(ana.Page.Locator("h1")).ToHaveTextAsync("No connection");
        await Expect(ana.Page.Locator("#kept a")).ToHaveAttributeAsync("href", kept);
        await ana.AssertAccessibleAsync();
        await ana.Page.Locator("#kept a").ClickAsync();
        await Expect(ana.Page.Answers()).ToContainTextAsync("Kept for the train.");

        await ana.Context.SetOfflineAsync(false);
        await ana.Page.GotoAsync("/preferences");
        await ana.Page.RunAndWaitForResponseAsync(() => ana.Page.Locator("[name=offline][value=off]").CheckAsync(), "**/preferences");
        await Eventually.HoldsAsync("nothing is kept", () => ana.Page.EvaluateAsync<bool>("caches.has('pages').then(has => !has)"), TestEnd);
    }

    [Fact]
    public async Task UX_84_it_can_be_installed()
    {
        await using var ana = await server.OpenAsync(browsers);
        var devTools = await ana.Context.NewCDPSessionAsync(ana.Page);

        var manifest = await devTools.SendAsync("Page.getAppManifest");

        Assert.Empty(manifest!.Value.GetProperty("errors").EnumerateArray());
        var icons = (await ana.Page.EvaluateAsync<string[]>(
            "fetch('/manifest.webmanifest').then(answer => answer.json()).then(({ icons }) => Promise.all(icons.map(icon => fetch(icon.src).then(answer => `${answer.headers.get('content-type')} ${answer.status}`))))"))!;
        Assert.Equal(["image/svg+xml 200", "image/png 200", "image/png 200", "image/png 200"], icons);
    }
}
