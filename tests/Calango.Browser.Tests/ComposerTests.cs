using Calango.Browser.Tests.Browsing;
using Calango.Core.Data;
using Calango.Tests.Support.Upstream;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using static Microsoft.Playwright.Assertions;

namespace Calango.Browser.Tests;

public sealed class ComposerTests(Browsers browsers, ChatServer server) : IClassFixture<ChatServer>
{
    [Fact]
    public async Task ArrowUp_in_an_empty_box_edits_the_last_message_and_asks_again_beside_it()
    {
        await using var ana = await server.OpenAsync(browsers);
        server.Upstream.Enqueue(new UpstreamReply { Text = "You wrote frist." }, new UpstreamReply { Text = "You wrote first." });
        await ana.Page.AskAsync("frist");

        await ana.Page.Keyboard.PressAsync("ArrowUp");
        var editor = ana.Page.Locator(".editor__text");
        await Expect(editor).ToBeFocusedAsync();
        await Expect(editor).ToHaveValueAsync("frist");
        await ana.Page.Keyboard.PressAsync("Escape");
        await Expect(ana.Page.Questions()).ToContainTextAsync("frist");
        await Expect(ana.Page.Composer()).ToBeFocusedAsync();

        await ana.Page.Keyboard.PressAsync("ArrowUp");
        await editor.FillAsync("first");
        await ana.Page.Keyboard.PressAsync("Control+Enter");

        await Expect(ana.Page.Answers()).ToContainTextAsync("You wrote first.");
        await Expect(ana.Page.Questions()).ToContainTextAsync("first");
        await Expect(ana.Page.Locator(".message--question .siblings__place")).ToHaveTextAsync("2/2");
    }

    [Fact]
    public async Task Enter_that_ends_a_composition_of_an_input_method_does_not_send()
    {
        await using var ana = await server.OpenAsync(browsers);
        await ana.Page.Composer().FocusAsync();
        var keyboard = await ana.Context.NewCDPSessionAsync(ana.Page);

        await keyboard.SendAsync("Input.imeSetComposition", new() { ["text"] = "にほん", ["selectionStart"] = 3, ["selectionEnd"] = 3 });
        await keyboard.SendAsync("Input.dispatchKeyEvent", new() { ["type"] = "rawKeyDown", ["key"] = "Enter", ["code"] = "Enter", ["windowsVirtualKeyCode"] = 13 });
        await keyboard.SendAsync("Input.insertText", new() { ["text"] = "日本" });
        await Expect(ana.Page.Composer()).ToHaveValueAsync("日本");
        await ana.Page.AskAsync("日本です");

        await Expect(ana.Page.Questions()).ToHaveCountAsync(1);
        await Expect(ana.Page.Questions()).ToContainTextAsync("日本です");
    }

    [Fact]
    public async Task Control_Shift_O_opens_a_new_chat_ready_to_type_in()
    {
        await using var ana = await server.OpenAsync(browsers);
        await ana.Page.AskAsync("The first chat");

        await ana.Page.Keyboard.PressAsync("Control+Shift+O");

        await Expect(ana.Page.Locator(".chat--new")).ToBeVisibleAsync();
        await Expect(ana.Page).ToHaveURLAsync(server.App.Address.ToString());
        await Expect(ana.Page.Composer()).ToBeFocusedAsync();
        await ana.Page.AskAsync("The second chat");
        await Expect(ana.Page.Questions()).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task On_a_full_disk_the_message_stays_in_the_box_and_a_sentence_says_why()
    {
        await using var ana = await server.OpenAsync(browsers);
        ana.Expect("507");
        await ana.Page.AskAsync("Room for this");
        // What SQLite says once the file may not grow is what it says on a full disk.
        var pages = await LimitPagesAsync(1);
        var message = "No room for this" + new string('.', 20_000);

        await ana.Page.SendAsync(message);
        await Expect(ana.Page.Locator(".toast--error")).ToContainTextAsync("The disk is full, so nothing was stored. Free some space and try again; what you typed is kept.");
        await Expect(ana.Page.Composer()).ToHaveValueAsync(message);
        await Expect(ana.Page.Questions()).ToHaveCountAsync(1);
        await ana.PictureAsync("disk-full");

        await LimitPagesAsync(pages + 10_000);
        await ana.Page.Locator("[data-send]").ClickAsync();
        await Expect(ana.Page.Locator(".message--answer[data-state=Complete]")).ToHaveCountAsync(2);
        await Expect(ana.Page.Composer()).ToHaveValueAsync("");
    }

    private Task<long> LimitPagesAsync(long limit)
    {
        var testEnd = TestContext.Current.CancellationToken;
        return server.App.Services.GetRequiredService<Database>().WriteAsync(
            async db => (await db.Database.SqlQueryRaw<long>($"PRAGMA max_page_count = {limit}").ToListAsync(testEnd))[0], testEnd);
    }
}
