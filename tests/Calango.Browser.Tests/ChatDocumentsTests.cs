using Calango.Browser.Tests.Browsing;
using Calango.Tests.Fixtures;
using Calango.Tests.Support.Upstream;
using Microsoft.Playwright;
using static Calango.Browser.Tests.Browsing.Keys;
using static Microsoft.Playwright.Assertions;

namespace Calango.Browser.Tests;

/// <summary>Somebody attaches files to a chat, or chooses where it looks, and opens what an answer cites.</summary>
public sealed class ChatDocumentsTests(Browsers browsers)
{
    private const string Rules = "The library opens at eight and closes at six. Dogs stay outside.";
    private const string Question = "When does the library open?";

    private static readonly FilePayload File = new() { Name = "rules.txt", MimeType = "text/plain", Buffer = [.. "The library opens at eight and closes at six. Dogs stay outside."u8] };

    [Fact]
    public async Task A_file_that_is_attached_to_a_new_chat_is_read_before_the_question_is_answered_and_its_passage_opens()
    {
        await using var app = await TestApp.StartAsync();
        await using var ana = await browsers.OpenAsync(app.Address);
        app.Upstream.Default = new UpstreamReply { Text = "At eight [1]." };
        var page = ana.Page;
        await page.GotoAsync("/");
        await page.Composer().FillAsync(Question);

        await page.Locator("#composer-files").SetInputFilesAsync(File);
        // At once, while it is on its way.
        await page.Locator("[data-send]").ClickAsync();

        await Expect(page.Answers()).ToHaveAttributeAsync("data-state", "Complete");
        await Expect(page.Questions()).ToContainTextAsync(Question);
        await Expect(page.Composer()).ToHaveValueAsync("");
        await Expect(page.Locator(".attachment[data-state=Ready] a")).ToHaveTextAsync("rules.txt");
        await page.Locator(".answer a.cite").ClickAsync();
        await page.Locator(".source__body a").ClickAsync();
        await Expect(page.Locator(".passage:target")).ToContainTextAsync(Rules);
        await page.Locator(".page__bar a").First.ClickAsync();
        await Expect(page.Answers()).ToBeVisibleAsync();
        await page.GotoAsync("/");
        await Expect(page.Composer()).ToHaveValueAsync("");
    }

    [Fact]
    public async Task Files_are_dropped_and_pasted_a_long_text_that_is_pasted_stays_text_and_what_is_not_taken_says_why()
    {
        await using var app = await TestApp.StartAsync();
        await using var ana = await browsers.OpenAsync(app.Address);
        var page = ana.Page;
        await page.GotoAsync("/");
        await page.Composer().FillAsync("Half a thou");

        await GiveAsync(page, "drop", ".welcome", ("ants.txt", "Ants carry leaves."), ("empty.txt", ""), ("bees.txt", "Bees dance."));
        await Expect(page.Locator(".attachment[data-state=Ready]")).ToHaveCountAsync(2);
        await Expect(page.Locator(".attachments__refusals")).ToContainTextAsync("empty.txt: This file is empty.");
        await Expect(page.Composer()).ToHaveValueAsync("Half a thou");
        await GiveAsync(page, "paste", "#composer-text", ("noise.bin", "not a text\0"));
        await Expect(page.Locator(".attachment[data-state=Failed]")).ToContainTextAsync("This kind of file is not read.");
        await ana.AssertAccessibleAsync();

        await page.EvaluateAsync("text => { const data = new DataTransfer(); data.setData('text/plain', text); document.getElementById('composer-text').dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true })) }", new string('a', 100_000));
        await Expect(page.Locator(".attachment")).ToHaveCountAsync(3);

        await page.Locator(".attachment[data-state=Failed]").Button("Take noise.bin away").ClickAsync();
        await Expect(page.Locator(".attachment")).ToHaveCountAsync(2);
        await page.ReloadAsync();
        await Expect(page.Locator(".attachment")).ToHaveCountAsync(2);
        await Expect(page.Composer()).ToHaveValueAsync("Half a thou");
    }

    [Fact]
    public async Task A_long_text_that_is_pasted_is_offered_as_a_file_and_stays_in_the_box_until_that_is_taken()
    {
        await using var app = await TestApp.StartAsync();
        await using var ana = await browsers.OpenAsync(app.Address);
        var page = ana.Page;
        await page.Context.GrantPermissionsAsync(["clipboard-read", "clipboard-write"]);
        await page.GotoAsync("/");
        var text = string.Concat(Enumerable.Repeat("Dogs stay outside.\n", 600));
        await TabToAsync(page, "#composer-text");
        await page.Keyboard.TypeAsync("Sum it up: ");
        foreach (var isLong in (bool[])[false, true])
        {
            await page.EvaluateAsync("text => navigator.clipboard.writeText(text)", isLong ? text : "Cats may come in. ");
            await page.Keyboard.PressAsync("Control+V");
            await Expect(page.Locator("#composer-long")).ToBeVisibleAsync(new() { Visible = isLong });
        }

        await Expect(page.Composer()).ToHaveValueAsync($"Sum it up: Cats may come in. {text}");
        await ana.AssertAccessibleAsync();
        await ana.PictureAsync("long-paste");
        await page.Keyboard.PressAsync("Shift+Tab");
        await page.Keyboard.PressAsync("Enter");

        await Expect(page.Locator(".attachment[data-state=Ready] a")).ToHaveTextAsync(new System.Text.RegularExpressions.Regex("^Pasted text .*[.]txt$"));
        await Expect(page.Composer()).ToHaveValueAsync("Sum it up: Cats may come in. ");
        await Expect(page.Composer()).ToBeFocusedAsync();
        await Expect(page.Locator("#composer-long")).ToBeHiddenAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_file_is_attached_asked_about_and_taken_away_by_keys_alone_on_a_narrow_screen(bool withScripts)
    {
        await using var app = await TestApp.StartAsync();
        await using var ana = await browsers.OpenAsync(app.Address, new() { JavaScriptEnabled = withScripts, ViewportSize = new() { Width = 360, Height = 800 } });
        app.Upstream.Default = new UpstreamReply { Text = "At eight [1]." };
        var page = ana.Page;
        await page.GotoAsync("/");

        await TabToAsync(page, "#composer-files");
        await page.Locator("#composer-files").SetInputFilesAsync(File);
        if (withScripts)
        {
            await Expect(page.Locator(".attachment")).ToHaveCountAsync(1);
        }

        await TabToAsync(page, "#composer-text");
        await page.Keyboard.TypeAsync(Question);
        await ActAsync(page, "[data-send]", leaves: !withScripts);
        await Eventually.HoldsAsync("it is answered", async () =>
        {
            if (!withScripts)
            {
                await page.ReloadAsync();
            }

            return await page.Locator(".message--answer[data-state=Complete]").CountAsync() == 1;
        }, TestContext.Current.CancellationToken);
        await TabToAsync(page, ".source summary");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator(".source__text")).ToHaveTextAsync(Rules);
        Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"), "The page is wider than the screen.");

        await ActAsync(page, ".attachment button", leaves: !withScripts);
        await Expect(page.Locator(".attachment")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Collections_are_chosen_for_a_chat_by_keys_alone()
    {
        await using var app = await TestApp.StartAsync();
        await using var ana = await browsers.OpenAsync(app.Address);
        app.Upstream.Default = new UpstreamReply { Text = "At eight [1]." };
        var page = ana.Page;
        await page.GotoAsync("/knowledge");
        await page.Locator("#field-name").FillAsync("House rules");
        await page.Locator("#collection-form button[type=submit]").ClickAsync();
        await page.Locator("#files").SetInputFilesAsync(File);
        await page.Locator("#upload button").ClickAsync();
        await Expect(page.Locator("#documents li[data-state=Ready]")).ToHaveCountAsync(1);
        await page.GotoAsync("/");

        await ActAsync(page, ".chat__tools button", leaves: false);
        await TabToAsync(page, "#dialog [name=Collections]");
        await page.Keyboard.PressAsync("Space");
        await ActAsync(page, "#dialog [type=submit].button--primary", leaves: false);
        await Expect(page.Locator("#dialog")).ToBeHiddenAsync();
        await TabToAsync(page, "#composer-text");
        await page.Keyboard.TypeAsync(Question);
        await page.Keyboard.PressAsync("Enter");

        await Expect(page.Answers()).ToHaveAttributeAsync("data-state", "Complete");
        await TabToAsync(page, ".source summary");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator(".source__text")).ToHaveTextAsync(Rules);
        await ActAsync(page, ".source__body a");
        await Expect(page.Locator(".passage:target")).ToContainTextAsync(Rules);
    }

    [Theory]
    [InlineData("en-US", ColorScheme.Light, 1280)]
    [InlineData("pt-BR", ColorScheme.Dark, 1280)]
    [InlineData("pt-BR", ColorScheme.Light, 360)]
    [InlineData("en-US", ColorScheme.Dark, 360)]
    public async Task A_chat_with_files_is_accessible_and_fits(string locale, ColorScheme colors, int width)
    {
        await using var app = await TestApp.StartAsync();
        await using var ana = await browsers.OpenAsync(app.Address, new() { Locale = locale, ColorScheme = colors, ViewportSize = new() { Width = width, Height = 800 } });
        app.Upstream.Default = new UpstreamReply { Text = "At eight [1]." };
        await ana.Page.GotoAsync("/");
        await ana.Page.Locator("#composer-files").SetInputFilesAsync([
            File, new() { Name = "a recording from the library with a very long name.wav", MimeType = "audio/wav", Buffer = [0x52, 0x49, 0x46, 0x46, 0] }, new() { Name = "nothing.txt", MimeType = "text/plain", Buffer = [] }]);
        await Expect(ana.Page.Locator(".attachment[data-state=Failed]")).ToHaveCountAsync(1);
        await Expect(ana.Page.Locator(".attachments__refusals")).ToBeVisibleAsync();
        await CheckAsync("attachments-begun");
        await ana.Page.AskAsync(Question);
        await CheckAsync("attachments");

        async Task CheckAsync(string name)
        {
            await ana.AssertAccessibleAsync();
            await ana.PictureAsync($"{name}-{locale}-{colors}-{width}");
            Assert.True(await ana.Page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"), $"The page {name} is wider than the screen.");
        }
    }

    private static async Task GiveAsync(IPage page, string how, string where, params (string Name, string Text)[] files)
    {
        var data = await page.EvaluateHandleAsync(
            "files => { const data = new DataTransfer(); for (const [name, text] of files) data.items.add(new File([text], name)); return data }", files.Select(file => new[] { file.Name, file.Text }));
        if (how == "paste")
        {
            await page.Locator(where).EvaluateAsync("(field, data) => field.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }))", data);
            return;
        }

        foreach (var type in new[] { "dragover", "drop" })
        {
            await page.Locator(where).DispatchEventAsync(type, new { dataTransfer = data });
        }
    }
}
