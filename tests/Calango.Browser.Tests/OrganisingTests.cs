using Calango.Browser.Tests.Browsing;
using Calango.Core.Chat;
using Calango.Core.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Calango.Browser.Tests;

/// <summary>Chats are put in order from the sidebar and on the page of all chats.</summary>
public sealed class OrganisingTests(Browsers browsers, ChatServer server) : IClassFixture<ChatServer>
{
    private static CancellationToken TestEnd => TestContext.Current.CancellationToken;

    [Fact]
    public async Task UX_63_the_menu_of_a_chat_is_opened_and_walked_through_by_keys_and_gives_the_focus_back()
    {
        var chat = await server.WriteChatAsync(1, TestEnd);
        await server.WriteChatAsync(1, TestEnd);
        await using var ana = await server.OpenAsync(browsers);
        var line = ana.Page.Locator($"#conversations .conversation:has(a[href='{chat}'])");

        await line.Locator(".conversation__link").FocusAsync();
        await ana.Page.Keyboard.PressAsync("ArrowRight");
        await Expect(line.Locator(".conversation__menu")).ToBeFocusedAsync();
        await ana.Page.Keyboard.PressAsync("Enter");
        await Expect(ana.Page.Locator("#menu [role=menuitem]").First).ToBeFocusedAsync();
        await ana.AssertAccessibleAsync();
        await ana.Page.Keyboard.PressAsync("Escape");
        await Expect(ana.Page.Locator("#menu")).ToBeHiddenAsync();
        await Expect(line.Locator(".conversation__menu")).ToBeFocusedAsync();

        await ana.Page.Keyboard.PressAsync("Enter");
        await Expect(ana.Page.Locator("#menu [role=menuitem]").First).ToBeFocusedAsync();
        await ana.Page.Keyboard.PressAsync("ArrowDown");
        await ana.Page.Keyboard.PressAsync("Enter");

        await Expect(ana.Page.Locator("#conversations > li").First).ToHaveTextAsync("Pinned");
        await Expect(ana.Page.Locator("#conversations .conversation").First.Locator(".conversation__link")).ToHaveAttributeAsync("href", chat);
        await Expect(line.Locator(".conversation__menu")).ToBeFocusedAsync();
    }

    [Fact]
    public async Task UX_66_an_archived_chat_leaves_the_list_the_focus_goes_to_its_neighbour_and_undo_brings_it_back()
    {
        await server.WriteChatAsync(1, TestEnd);
        var chat = await server.WriteChatAsync(1, TestEnd);
        await using var ana = await server.OpenAsync(browsers, chat);
        var line = ana.Page.Locator($"#conversations .conversation:has(a[href='{chat}'])");

        await line.Locator(".conversation__menu").FocusAsync();
        await ana.Page.Keyboard.PressAsync("Enter");
        await ana.Page.Locator("#menu").GetByText("Archive", new() { Exact = true }).ClickAsync();
        await Expect(line).ToHaveCountAsync(0);
        await Expect(ana.Page.Locator("#conversations .conversation__link:focus")).ToHaveCountAsync(1);
        await Expect(ana.Page.Locator("#marks")).ToContainTextAsync("Archived");
        await ana.Page.Locator(".toast").Button("Undo").ClickAsync();

        await Expect(line).ToBeVisibleAsync();
        await Expect(ana.Page.Locator("#marks")).Not.ToContainTextAsync("Archived");
        await Expect(ana.Page.Locator(".toast")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task A_chat_beside_the_open_one_is_renamed_and_deleted_and_the_open_one_stays()
    {
        var other = await server.WriteChatAsync(1, TestEnd);
        var chat = await server.WriteChatAsync(1, TestEnd);
        await using var ana = await server.OpenAsync(browsers, chat);
        var line = ana.Page.Locator($"#conversations .conversation:has(a[href='{other}'])");

        await line.HoverAsync();
        await line.Locator(".conversation__menu").ClickAsync();
        await ana.Page.Locator("#menu").GetByText("Rename").ClickAsync();
        await ana.Page.Locator("#rename-text").FillAsync("<img src=x onerror=alert(1)>");
        await ana.Page.Keyboard.PressAsync("Enter");
        await Expect(line).ToContainTextAsync("<img src=x onerror=alert(1)>");
        await Expect(ana.Page.Locator("#dialog")).ToBeHiddenAsync();
        await Expect(ana.Page.Locator("#title")).Not.ToContainTextAsync("img");

        await line.HoverAsync();
        await line.Locator(".conversation__menu").ClickAsync();
        await ana.Page.Locator("#menu").GetByText("Delete").ClickAsync();
        await Expect(line).ToHaveCountAsync(0);
        await Expect(ana.Page).ToHaveURLAsync(new Uri(server.App.Address, chat).ToString());
        await Expect(ana.Page.Answers()).ToContainTextAsync("Answer 1.");
        await ana.Page.Locator(".toast").Button("Undo").ClickAsync();
        await Expect(line).ToBeVisibleAsync();
    }

    [Fact]
    public async Task UX_70_a_range_is_ticked_with_Shift_deleted_at_once_and_brought_back_by_one_button()
    {
        for (var i = 0; i < 4; i++)
        {
            await server.WriteChatAsync(1, TestEnd);
        }

        // Where there is a folder, the bar has a list with a chosen option: no box that is ticked.
        await server.App.Services.GetRequiredService<Folders>().AddAsync(Account.LocalId, "Three", null, TestEnd);
        await using var ana = await server.OpenAsync(browsers, "/conversations");
        var rows = ana.Page.Locator("#chats .chats__row");
        var before = await rows.CountAsync();
        await Expect(ana.Page.Locator(".selection")).ToBeHiddenAsync();

        await rows.Nth(0).Locator("input").ClickAsync();
        await rows.Nth(2).Locator("input").ClickAsync(new() { Modifiers = [KeyboardModifier.Shift] });
        await Expect(ana.Page.Locator("#chats :checked")).ToHaveCountAsync(3);
        await Expect(ana.Page.Locator(".selection")).ToBeVisibleAsync();
        await ana.AssertAccessibleAsync();
        await ana.Page.Locator(".selection").Button("Delete").ClickAsync();
        await Expect(ana.Page.Locator(".toast")).ToContainTextAsync("3 chats went to the trash.");
        await Expect(rows).ToHaveCountAsync(before - 3);
        await ana.Page.Locator(".toast").Button("Undo").ClickAsync();

        await Expect(rows).ToHaveCountAsync(before);
    }

    [Fact]
    public async Task UX_67_what_is_brought_back_from_the_trash_is_in_the_list_at_once()
    {
        var chat = await server.WriteChatAsync(1, TestEnd);
        await using var ana = await server.OpenAsync(browsers, chat);
        await ana.Page.Locator(".chat__tools").Button("Delete chat").ClickAsync();
        await Expect(ana.Page.Locator(".chat--new")).ToBeVisibleAsync();
        await ana.Page.GotoAsync("/conversations/trash");

        await ana.Page.Locator($"#trash [formaction^='{chat}']").ClickAsync();

        await Expect(ana.Page.Locator($"#trash [formaction^='{chat}']")).ToHaveCountAsync(0);
        await Expect(ana.Page.Locator($"#conversations a[href='{chat}']")).ToBeVisibleAsync();
        await ana.Page.Locator("#main").GetByText("Empty the trash").ClickAsync();
        await ana.Page.Locator("#dialog").Button("Empty the trash").ClickAsync();
        await Expect(ana.Page.Locator("#trash")).ToContainTextAsync("The trash is empty.");
    }

    [Fact]
    public async Task UX_64_chats_and_folders_are_dragged_and_moved_by_keys_and_what_is_closed_stays_closed()
    {
        var folders = server.App.Services.GetRequiredService<Folders>();
        var (one, two) = (await folders.AddAsync(Account.LocalId, "One", null, TestEnd), await folders.AddAsync(Account.LocalId, "Two", null, TestEnd));
        var chat = await server.WriteChatAsync(1, TestEnd);
        await using var ana = await server.OpenAsync(browsers);
        var (first, second) = (ana.Page.Locator($"#folder-name-{one.Id}"), ana.Page.Locator($"#folder-name-{two.Id}"));
        var inFirst = ana.Page.Locator($"#folder-{one.Id} a[href='{chat}']");

        var organise = ana.Page.WaitForResponseAsync("**/organise.js");
        await ana.Page.Locator("#search").HoverAsync();
        await organise;
        await ana.Page.Locator($"#conversations a[href='{chat}']").DragToAsync(first);
        await Expect(inFirst).ToBeVisibleAsync();
        await Expect(ana.Page.Locator(".toast")).ToContainTextAsync("1 chat was moved.");
        await ana.Page.Locator(".toast").Button("Undo").ClickAsync();
        await Expect(inFirst).ToHaveCountAsync(0);

        await ana.Page.Locator($"#conversations .conversation:has(a[href='{chat}']) .conversation__menu").FocusAsync();
        await ana.Page.Keyboard.PressAsync("Enter");
        await ana.Page.Locator("#menu").GetByText("Move to…").ClickAsync();
        await ana.Page.Locator("#dialog").GetByLabel("One").CheckAsync();
        await ana.AssertAccessibleAsync();
        await ana.Page.Keyboard.PressAsync("Enter");
        await Expect(inFirst).ToBeVisibleAsync();
        await Expect(ana.Page.Locator("#dialog")).ToBeHiddenAsync();

        await ana.Page.Locator($"#folder-{two.Id} > .folder__row").DragToAsync(ana.Page.Locator($"#folder-{one.Id} > .folder__row"));
        await Expect(ana.Page.Locator($"#folder-{one.Id} #folder-{two.Id}")).ToBeVisibleAsync();
        await first.FocusAsync();
        await ana.Page.Keyboard.PressAsync("Enter");
        await Expect(inFirst).ToHaveCountAsync(0);
        await Expect(first).ToBeFocusedAsync();
        await ana.Page.ReloadAsync();
        await Expect(first).ToHaveAttributeAsync("aria-expanded", "false");
        await Expect(second).ToHaveCountAsync(0);
        await folders.RemoveAsync(Account.LocalId, two.Id, TestEnd);
        await folders.RemoveAsync(Account.LocalId, one.Id, TestEnd);
    }

    [Fact]
    public async Task UX_65_a_tag_is_made_on_a_chat_and_the_page_of_chats_shows_those_that_have_it()
    {
        var chat = await server.WriteChatAsync(1, TestEnd);
        await server.WriteChatAsync(1, TestEnd);
        await using var ana = await server.OpenAsync(browsers, chat);

        await ana.Page.Locator(".chat__tools").Link("More for this chat").ClickAsync();
        await ana.Page.Locator("#menu").GetByText("Tags…").ClickAsync();
        await ana.Page.Locator("#new-tag").FillAsync("field notes");
        await ana.Page.GetByLabel("Leaf").CheckAsync();
        await ana.Page.Locator("#dialog").Button("Save").ClickAsync();
        await Expect(ana.Page.Locator("#dialog")).ToBeHiddenAsync();
        await ana.Page.GotoAsync("/conversations");
        await ana.Page.Locator("#chats-tag").SelectOptionAsync("field notes");

        await Expect(ana.Page.Locator("#chats .chats__row")).ToHaveCountAsync(1);
        await Expect(ana.Page.Locator("#chats .chats__row .tag--leaf")).ToHaveTextAsync("field notes");
        await Expect(ana.Page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("tag="));
    }
}
