using Calango.Browser.Tests.Browsing;
using Calango.Tests.Fixtures;
using Microsoft.Playwright;
using static Calango.Browser.Tests.Browsing.Keys;
using static Microsoft.Playwright.Assertions;

namespace Calango.Browser.Tests;

/// <summary>Somebody fills a collection, and finds in it what they put there.</summary>
public sealed class KnowledgeTests(Browsers browsers)
{
    private const string Text = "The calango basks on warm stones at noon.";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_collection_is_made_filled_searched_and_removed_by_keys_alone(bool withScripts)
    {
        await using var app = await TestApp.StartAsync(connected: false);
        await using var ana = await browsers.OpenAsync(app.Address, new() { JavaScriptEnabled = withScripts, ViewportSize = new() { Width = 360, Height = 800 } });
        var page = ana.Page;
        await page.GotoAsync("/knowledge");
        await TabToAsync(page, "#field-name");
        await page.Keyboard.TypeAsync("Animals");
        await ActAsync(page, "#collection-form button[type=submit]");

        await TabToAsync(page, "summary");
        await page.Keyboard.PressAsync("Enter");
        await TabToAsync(page, "#field-name");
        await page.Keyboard.TypeAsync("Lizards");
        await TabToAsync(page, "#content");
        await page.Keyboard.TypeAsync(Text);
        await ActAsync(page, "#paste button[type=submit]");
        await ReadyAsync(page, 1, withScripts);

        await TabToAsync(page, "#passages-query");
        await page.Keyboard.TypeAsync("where does the calango bask");
        await ActAsync(page, "form:has(#passages-query) button");
        await ActAsync(page, "#found h3 a");
        await Expect(page.Locator(".passage:target")).ToContainTextAsync(Text);

        await ConfirmedAsync(page, ".page__bar button", withScripts);
        await Expect(page.Locator("#documents li")).ToHaveCountAsync(0);
        await ActAsync(page, ".page__bar a[href$=deletion]", leaves: !withScripts);
        await ActAsync(page, ".button--danger");
        await Expect(page.Locator("#collection-form")).ToBeVisibleAsync();
        await Expect(page.Locator("#collections li")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Files_that_are_dropped_or_chosen_come_one_by_one_and_the_list_follows_by_itself()
    {
        await using var app = await TestApp.StartAsync(connected: false);
        await using var ana = await browsers.OpenAsync(app.Address);
        ana.Expect("400");
        var page = ana.Page;
        await page.GotoAsync("/knowledge");
        await page.Locator("#field-name").FillAsync("Animals");
        await page.Locator("#collection-form button[type=submit]").ClickAsync();
        await Expect(page.Locator("#upload")).ToBeVisibleAsync();
        await page.EvaluateAsync("document.body.dataset.left = ''");

        await DropAsync(page, ("lizards.txt", Text), ("ants.txt", "Ants carry leaves."), ("empty.txt", ""));
        await Expect(page.Locator("#upload li .badge")).ToHaveCountAsync(2);
        await Expect(page.Locator("#upload li .field__error")).ToHaveTextAsync("This file is empty.");
        await ReadyAsync(page, 2, withScripts: true);

        await page.Locator("#files").SetInputFilesAsync(new FilePayload { Name = "bread.txt", MimeType = "text/plain", Buffer = "Knead the dough."u8.ToArray() });
        await page.Locator("#upload button").ClickAsync();
        await ReadyAsync(page, 3, withScripts: true);
        await Expect(page.Locator("body[data-left]")).ToHaveCountAsync(1);
    }

    private static async Task ReadyAsync(IPage page, int documents, bool withScripts)
    {
        var ready = page.Locator("#documents li[data-state=Ready]");
        if (!withScripts)
        {
            await Eventually.HoldsAsync("they are ready", async () =>
            {
                await page.ReloadAsync();
                return await ready.CountAsync() == documents;
            }, TestContext.Current.CancellationToken);
        }

        await Expect(ready).ToHaveCountAsync(documents);
    }

    private static async Task DropAsync(IPage page, params (string Name, string Text)[] files)
    {
        var data = await page.EvaluateHandleAsync(
            "files => { const data = new DataTransfer(); for (const [name, text] of files) data.items.add(new File([text], name)); return data }",
            files.Select(file => new[] { file.Name, file.Text }));
        foreach (var type in new[] { "dragover", "drop" })
        {
            await page.Locator("#upload").DispatchEventAsync(type, new { dataTransfer = data });
        }
    }
}
