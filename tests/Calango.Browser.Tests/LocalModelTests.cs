using System.Text.RegularExpressions;
using Calango.Browser.Tests.Browsing;
using Calango.Tests.Fixtures;
using Calango.Tests.Support.Upstream;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Calango.Browser.Tests;

/// <summary>The models of this machine, played by a plugin that downloads nothing and whose model is the scripted service.</summary>
public sealed class LocalModelTests(Browsers browsers) : IDisposable
{
    private readonly PluginsFolder _plugins = new();

    [Fact]
    public async Task One_click_on_the_first_page_leads_to_a_chat_with_a_model_of_this_machine()
    {
        await using var app = await StartAsync();
        await using var ana = await browsers.OpenAsync(app.Address, new());
        app.Upstream.Enqueue(new UpstreamReply { Text = "From this machine." });

        await ana.Page.GotoAsync("/");
        await ana.Page.Locator("#composer").Link("Connect one, or download a small one").ClickAsync();
        await Expect(ana.Page).ToHaveTitleAsync("Choose a model · Calango");
        await Card(ana.Page, "quick").Locator(".button--primary").ClickAsync();

        await Expect(ana.Page).ToHaveURLAsync(new Regex("/\\?model=", RegexOptions.None, Eventually.Limit));
        await Expect(ana.Page.Locator("#model")).ToContainTextAsync("quick");
        await ana.Page.AskAsync("Where do you run?");
        await Expect(ana.Page.Answers()).ToContainTextAsync("From this machine.");
        Assert.Equal("quick", app.Upstream.Requests[0].Model);
    }

    [Fact]
    public async Task A_download_shows_how_far_it_is_and_goes_on_after_a_pause_and_a_restart()
    {
        await using var app = await StartAsync();
        await using (var ana = await browsers.OpenAsync(app.Address, new()))
        {
            await ana.Page.GotoAsync("/models/local");
            await Card(ana.Page, "slow").Locator(".button--primary").ClickAsync();
            await Expect(Card(ana.Page, "slow").Locator("progress")).ToHaveAttributeAsync("value", "50");
            await ana.AssertAccessibleAsync();
            await ana.PictureAsync("download");

            await ana.Page.GotoAsync("/");
            await Expect(ana.Page.Locator("#installation progress")).ToHaveAttributeAsync("value", "50");
            await ana.Page.Locator("#installation a").ClickAsync();
            await Expect(Card(ana.Page, "quick").Locator(".button--primary")).ToBeDisabledAsync();
            await Card(ana.Page, "slow").Button("Pause").ClickAsync();
            await Expect(Card(ana.Page, "slow").GetByRole(AriaRole.Status)).ToHaveTextAsync("Paused");

        }

        await app.RestartAsync();
        await using var later = await browsers.OpenAsync(app.Address, new());
        await later.Page.GotoAsync("/models/local");
        await Expect(Card(later.Page, "slow").Locator("progress")).ToHaveAttributeAsync("value", "50");
        await Card(later.Page, "slow").Button("Go on with the download").ClickAsync();
        await Expect(Card(later.Page, "slow").GetByRole(AriaRole.Status)).ToHaveTextAsync("Ready");
        await Card(later.Page, "slow").Button("Start chatting").ClickAsync();
        await Expect(later.Page.Locator("#model")).ToContainTextAsync("slow");
    }

    [Fact]
    public async Task A_damaged_download_says_so_in_words()
    {
        await using var app = await StartAsync();
        await using var ana = await browsers.OpenAsync(app.Address, new());
        await ana.Page.GotoAsync("/models/local");

        await Card(ana.Page, "damaged").Locator(".button--primary").ClickAsync();

        await Expect(Card(ana.Page, "damaged").GetByRole(AriaRole.Alert))
            .ToContainTextAsync("What was downloaded for damaged is damaged and was deleted. Start the download again.");
        await Expect(Card(ana.Page, "damaged").Locator(".button--primary")).ToBeEnabledAsync();
    }

    [Fact]
    public async Task The_built_in_model_comes_by_one_click_answers_stops_and_answers_again()
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("CALANGO_TEST_MODELS_FETCH") == "1", "It downloads 330 MB: set CALANGO_TEST_MODELS_FETCH=1.");
        const float Slow = 300_000;
        await using var app = await TestApp.StartAsync(connected: false);
        await using var ana = await browsers.OpenAsync(app.Address, new());
        await ana.Page.GotoAsync("/models/first-run");
        await Card(ana.Page, "tinyllama-1-1b-chat").Locator(".button--primary").ClickAsync();
        await Expect(ana.Page.Locator("#model")).ToContainTextAsync("TinyLlama", new() { Timeout = Slow });

        await ana.Page.SendAsync("What is the capital of France? Answer in one short sentence.");
        await Expect(ana.Page.Locator(".message--answer[data-state=Complete]")).ToContainTextAsync("Paris", new() { Timeout = Slow });
        await ana.Page.SendAsync("Tell a long story about a lizard in the sun.");
        await Expect(ana.Page.Answers()).ToHaveCountAsync(2);
        await Expect(ana.Page.Locator("[data-answer]").Last).Not.ToBeEmptyAsync(new() { Timeout = Slow });
        await ana.Page.Keyboard.PressAsync("Escape");
        await Expect(ana.Page.Answers().Last).ToHaveAttributeAsync("data-state", "Stopped");
        await ana.PictureAsync("built-in-model");
        await ana.Page.Answers().Last.Button("Answer again").ClickAsync();
        await Expect(ana.Page.Answers().Last).ToHaveAttributeAsync("aria-busy", "true");
        await Expect(ana.Page.Answers().Last.Locator("[data-answer]")).Not.ToBeEmptyAsync(new() { Timeout = Slow });
        await ana.Page.Keyboard.PressAsync("Escape");
        await Expect(ana.Page.Answers().Last.Locator(".siblings__place")).ToHaveTextAsync("2/2");
    }

    public void Dispose() => _plugins.Dispose();

    private async Task<TestApp> StartAsync()
    {
        _plugins.AddLocalModelsDouble();
        _plugins.CopyBuilt("openai-compatible", "1.0.0");
        var app = await TestApp.StartAsync(connected: false, settings: [KeyValuePair.Create<string, string?>("CALANGO_PLUGINS", _plugins.Path)]);
        var data = Directory.CreateDirectory(Path.Combine(app.DataFolder, "plugins", "data", PluginsFolder.LocalModelsDoubleId));
        await File.WriteAllTextAsync(Path.Combine(data.FullName, "address"), app.Upstream.Address.ToString(), TestContext.Current.CancellationToken);
        return app;
    }

    private static ILocator Card(IPage page, string model) => page.Locator($"#local-{model}");
}
