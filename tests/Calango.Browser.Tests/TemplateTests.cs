using Calango.Browser.Tests.Browsing;
using Calango.Core.Data;
using Calango.Core.Identity;
using Calango.Core.Templates;
using Calango.Tests.Fixtures;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using static Calango.Browser.Tests.Browsing.Keys;
using static Microsoft.Playwright.Assertions;

namespace Calango.Browser.Tests;

/// <summary>Somebody writes templates, and takes them by a slash in the composer.</summary>
public sealed class TemplateTests(Browsers browsers, ChatServer server) : IClassFixture<ChatServer>, IAsyncLifetime
{
    private static CancellationToken TestEnd => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await server.App.Services.GetRequiredService<Database>().WriteAsync(db => db.Set<Template>().ExecuteDeleteAsync(TestEnd), TestEnd);
        var templates = server.App.Services.GetRequiredService<Templates>();
        foreach (var content in new[]
        {
            new TemplateContent("Code review", "Review {code} for {level}") { Command = "review", Variables = [new TemplateVariable("code") { Type = VariableType.LongText }] },
            new TemplateContent("Meeting notes", "Write the notes:\n") { Command = "notes", Description = "<img src=x onerror=alert(1)>" },
            new TemplateContent("Sum up a file", "Sum up {file}") { Command = "sum", Variables = [new TemplateVariable("file") { Type = VariableType.File }] },
        })
        {
            await templates.AddAsync(Account.LocalId, content, isPublished: false, TestEnd);
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task A_slash_lists_them_and_keys_alone_find_one_fill_it_in_and_send_it()
    {
        await using var ana = await server.OpenAsync(browsers);
        var page = ana.Page;
        var list = page.Locator("#slash");
        await Expect(page.Composer()).ToBeFocusedAsync();

        await page.Keyboard.TypeAsync("/");
        await Expect(list.GetByRole(AriaRole.Option)).ToHaveCountAsync(3);
        await Expect(page.Composer()).ToHaveAttributeAsync("aria-activedescendant", "slash-0");
        await page.Keyboard.PressAsync("ArrowUp");
        await Expect(page.Composer()).ToHaveAttributeAsync("aria-activedescendant", "slash-2");
        await ana.AssertAccessibleAsync();
        await ana.PictureAsync("slash");
        await page.Keyboard.TypeAsync("rev");
        await Expect(list.GetByRole(AriaRole.Option)).ToHaveCountAsync(1);

        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("#dialog")).ToBeVisibleAsync();
        await Expect(list).ToBeHiddenAsync();
        await ana.AssertAccessibleAsync();
        await ana.PictureAsync("slash-form");
        await Expect(page.Locator("#value-0")).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync("if {level} <b>");
        await ActAsync(page, "#template-use .button--primary", leaves: false);
        // The level is missing: the dialog stays, and says so.
        await Expect(page.Locator("#value-1-error")).ToBeVisibleAsync();
        await TabToAsync(page, "#value-1");
        await page.Keyboard.TypeAsync("me");
        await ActAsync(page, "#template-use .button--primary", leaves: false);

        await Expect(page.Locator("#dialog")).ToBeHiddenAsync();
        await Expect(page.Composer()).ToHaveValueAsync("Review if {level} <b> for me");
        await Expect(page.Composer()).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync("!");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Questions()).ToContainTextAsync("Review if {level} <b> for me!");
    }

    [Fact]
    public async Task One_that_asks_for_nothing_is_there_at_once_with_the_cursor_at_its_end()
    {
        await using var ana = await server.OpenAsync(browsers);
        await ana.Page.Composer().FocusAsync();

        await ana.Page.Keyboard.TypeAsync("/meeting no");
        await Expect(ana.Page.Locator("#slash").GetByRole(AriaRole.Option)).ToHaveCountAsync(1);
        await ana.Page.Keyboard.PressAsync("Tab");

        await Expect(ana.Page.Composer()).ToHaveValueAsync("Write the notes:");
        await Expect(ana.Page.Locator("#dialog")).ToBeHiddenAsync();
        await ana.Page.Keyboard.TypeAsync(" Monday");
        await Expect(ana.Page.Composer()).ToHaveValueAsync("Write the notes: Monday");
        // It is a draft like any other.
        await ana.Page.ReloadAsync();
        await Expect(ana.Page.Composer()).ToHaveValueAsync("Write the notes: Monday");
        await ana.Page.Composer().FillAsync("");
    }

    [Fact]
    public async Task Escape_closes_the_list_and_what_fits_no_template_is_a_message_like_any_other()
    {
        await using var ana = await server.OpenAsync(browsers);
        await ana.Page.Composer().FocusAsync();
        var list = ana.Page.Locator("#slash");
        await ana.Page.Keyboard.TypeAsync("/re");
        await Expect(list).ToBeVisibleAsync();
        await ana.Page.Keyboard.PressAsync("Escape");
        await Expect(list).ToBeHiddenAsync();
        await ana.Page.Keyboard.TypeAsync("v");
        await Expect(list).ToBeHiddenAsync();

        await ana.Page.Composer().FillAsync("");
        await ana.Page.Keyboard.TypeAsync("/etc/hosts is broken");
        await Expect(list).ToBeHiddenAsync();
        await ana.Page.Keyboard.PressAsync("Enter");
        await Expect(ana.Page.Questions()).ToContainTextAsync("/etc/hosts is broken");
    }

    [Fact]
    public async Task Enter_that_ends_a_composition_of_an_input_method_takes_no_template()
    {
        await using var ana = await server.OpenAsync(browsers);
        await ana.Page.Composer().FocusAsync();
        var keyboard = await ana.Context.NewCDPSessionAsync(ana.Page);
        await ana.Page.Keyboard.TypeAsync("/");
        await Expect(ana.Page.Locator("#slash")).ToBeVisibleAsync();

        await keyboard.SendAsync("Input.imeSetComposition", new() { ["text"] = "no", ["selectionStart"] = 2, ["selectionEnd"] = 2 });
        await keyboard.SendAsync("Input.dispatchKeyEvent", new() { ["type"] = "rawKeyDown", ["key"] = "Enter", ["code"] = "Enter", ["windowsVirtualKeyCode"] = 13 });
        await keyboard.SendAsync("Input.insertText", new() { ["text"] = "no" });

        await Expect(ana.Page.Composer()).ToHaveValueAsync("/no");
        await Expect(ana.Page.Locator("#slash")).ToBeVisibleAsync();
        await ana.Page.Composer().FillAsync("");
    }

    [Fact]
    public async Task A_file_of_its_form_is_attached_to_the_chat_and_named_in_the_text()
    {
        await using var ana = await server.OpenAsync(browsers);
        await ana.Page.Composer().FocusAsync();
        await ana.Page.Keyboard.TypeAsync("/sum");
        await Expect(ana.Page.Locator("#slash")).ToBeVisibleAsync();
        await ana.Page.Keyboard.PressAsync("Enter");
        await ana.Page.Locator("#value-0").SetInputFilesAsync(new FilePayload { Name = "lizards.txt", MimeType = "text/plain", Buffer = "They bask."u8.ToArray() });

        await ana.Page.Locator("#template-use .button--primary").ClickAsync();

        await Expect(ana.Page.Locator(".attachment__name")).ToHaveTextAsync("lizards.txt");
        await Expect(ana.Page.Composer()).ToHaveValueAsync("Sum up lizards.txt");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_template_is_written_changed_compared_and_used_by_keys_alone_on_a_narrow_screen(bool withScripts)
    {
        await using var app = await TestApp.StartAsync();
        await using var ana = await browsers.OpenAsync(app.Address, new() { JavaScriptEnabled = withScripts, ViewportSize = new() { Width = 360, Height = 800 } });
        var page = ana.Page;
        await page.GotoAsync("/templates");
        await ActAsync(page, ".page__bar a[href='/templates/new']");
        await WriteAsync("#field-name", "Greeting");
        await WriteAsync("#field-command", "greet");
        await WriteAsync("#template-text", "Dear {name}");
        if (withScripts)
        {
            await Expect(page.Locator("#template-variables legend")).ToHaveTextAsync("{name}");
        }
        else
        {
            await ActAsync(page, "[formaction='/templates/preview']");
        }

        await WriteAsync("#variable-0-hint", "Whom you greet");
        await ActAsync(page, "#template-form .form__bar .button--primary");
        await Expect(page.Locator("#preview-0-hint")).ToHaveTextAsync("Whom you greet");

        await WriteAsync("#template-text", "Hello {name}");
        await ActAsync(page, "#template-form .form__bar .button--primary");
        await ActAsync(page, ".page__bar a[href$=versions]");
        await Expect(page.Locator("#diff ins")).ToHaveTextAsync("Hello {name}");
        await ActAsync(page, "#versions button");
        await Expect(page.Locator("#versions li")).ToHaveCountAsync(3);

        await page.GotoAsync("/templates");
        await ActAsync(page, "#templates .row > .button");
        await WriteAsync("#value-0", "Bruno");
        await ActAsync(page, "#template-use .button--primary");
        await Expect(page.Composer()).ToHaveValueAsync("Dear Bruno");
        await ActAsync(page, "[data-send]", leaves: !withScripts);
        await Expect(page.Questions()).ToContainTextAsync("Dear Bruno");

        async Task WriteAsync(string selector, string text)
        {
            await TabToAsync(page, selector);
            await page.Keyboard.PressAsync("ControlOrMeta+A");
            await page.Keyboard.TypeAsync(text);
        }
    }
}
