using Calango.Browser.Tests.Browsing;
using Calango.Core.Plugins;
using Calango.Tests.Fixtures;
using Microsoft.Playwright;
using static Calango.Browser.Tests.Browsing.Keys;
using static Microsoft.Playwright.Assertions;

namespace Calango.Browser.Tests;

/// <summary>An administrator who has no mouse, and one whose browser runs no scripts, do all that there is to do with plugins.</summary>
public sealed class PluginKeyboardTests(Browsers browsers, ChatServer server) : IClassFixture<ChatServer>
{
    private const string Id = "keyed";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_plugin_is_installed_updated_taken_back_switched_and_removed_by_keys_alone(bool withScripts)
    {
        using var packages = new PluginPackages();
        await using var ana = await browsers.OpenAsync(server.App.Address, new() { JavaScriptEnabled = withScripts, ViewportSize = new() { Width = 1280, Height = 800 } });
        var page = ana.Page;

        await HandInAsync(page, Pack(packages, "1.0.0"));
        await ActAsync(page, "#plugin-consent button[type=submit]");
        await DoneAsync(page, withScripts);
        await HandInAsync(page, Pack(packages, "1.1.0"));
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Keyed 1.1.0", Level = 1 })).ToBeVisibleAsync();
        await ActAsync(page, "#plugin-consent button[type=submit]");
        await DoneAsync(page, withScripts);
        var card = page.GetByRole(AriaRole.Region, new() { Name = "Keyed" });
        await Expect(card.Locator("small").First).ToHaveTextAsync("1.1.0");
        await Expect(card.GetByRole(AriaRole.Button, new() { Name = "Back to 1.0.0: Keyed" })).ToBeVisibleAsync();

        await ActAsync(page, $"#plugin-{Id} [formaction$='/rollback'], #plugin-{Id} [hx-post$='/rollback']");
        await DoneAsync(page, withScripts);
        await Expect(card.Locator("small").First).ToHaveTextAsync("1.0.0");

        await ActAsync(page, $"#plugin-{Id} a[href$='/disabling']", leaves: !withScripts);
        if (withScripts)
        {
            // Escape takes one back to where one was.
            await Expect(page.GetByRole(AriaRole.Dialog)).ToBeVisibleAsync();
            Assert.True(await page.EvaluateAsync<bool>("document.getElementById('dialog').contains(document.activeElement)"), "The focus is not in the dialog.");
            await page.Keyboard.PressAsync("Escape");
            await Expect(page.Locator($"#plugin-{Id} a[href$='/disabling']")).ToBeFocusedAsync();
            await page.Keyboard.PressAsync("Enter");
            await Expect(page.GetByRole(AriaRole.Dialog)).ToBeVisibleAsync();
        }

        await ActAsync(page, $"[formaction$='/plugins/{Id}/service'], [formaction*='/plugins/{Id}/service?']");
        await DoneAsync(page, withScripts);
        await Expect(card).ToContainTextAsync("Disabled");
        await ActAsync(page, $"#plugin-{Id} [formaction$='/service']");
        await DoneAsync(page, withScripts);
        await Expect(card).ToContainTextAsync("Active");

        await ActAsync(page, $"#plugin-{Id} a[href$='/removal']", leaves: !withScripts);
        await TabToAsync(page, "[name=withData]");
        await page.Keyboard.PressAsync("Space");
        await Expect(page.Locator("[name=withData]")).ToBeCheckedAsync();
        await ActAsync(page, $"form[action$='/{Id}/removal'] button[type=submit]");
        await DoneAsync(page, withScripts);
        await Eventually.HoldsAsync("it is gone", async () =>
        {
            await page.ReloadAsync();
            return await page.Locator($"#plugin-{Id}").CountAsync() == 0;
        }, TestContext.Current.CancellationToken);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_catalog_is_added_searched_read_again_and_removed_and_a_publisher_trusted_and_no_longer_by_keys_alone(bool withScripts)
    {
        using var packages = new PluginPackages();
        Pack(packages, "1.0.0");
        CatalogWriter.Write(packages.Folder, []);
        await using var ana = await browsers.OpenAsync(server.App.Address, new() { JavaScriptEnabled = withScripts, ViewportSize = new() { Width = 1280, Height = 800 } });
        var page = ana.Page;
        await page.GotoAsync("/admin/plugins/catalogs");

        await TabToAsync(page, "#place");
        await page.Keyboard.TypeAsync(packages.Folder);
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("#offers a")).ToHaveCountAsync(1);
        await TabToAsync(page, "#offers-filter");
        await page.Keyboard.TypeAsync("gecko");
        if (!withScripts)
        {
            await page.Keyboard.PressAsync("Enter");
        }

        await Expect(page.Locator("#offers a")).ToHaveCountAsync(0);
        await Expect(page.Locator("#offers").GetByRole(AriaRole.Status)).ToBeVisibleAsync();
        if (withScripts)
        {
            await Expect(page.Locator("#offers-filter")).ToBeFocusedAsync();
        }

        await page.GotoAsync("/admin/plugins/catalogs");
        await ActAsync(page, "#offers a");
        await ActAsync(page, "form[action='/admin/plugins/inspection'] button");
        await ActAsync(page, "#plugin-trust button");
        await Expect(page.Locator("#plugin-consent")).ToBeVisibleAsync();
        await Expect(page.Locator("#plugin-trust")).ToHaveCountAsync(0);

        await page.GotoAsync("/admin/plugins/publishers");
        await ConfirmedAsync(page, "[formaction*='/admin/plugins/publishers/']", withScripts);
        await Expect(page.Locator("[formaction*='/admin/plugins/publishers/']")).ToHaveCountAsync(0);

        await page.GotoAsync("/admin/plugins/catalogs");
        await ActAsync(page, "section[id^=catalog-] button >> nth=0");
        await Expect(page.Locator("#offers a")).ToHaveCountAsync(1);
        await ConfirmedAsync(page, "section[id^=catalog-] .button--danger", withScripts);
        await Expect(page.Locator("section[id^=catalog-]")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task What_is_said_of_a_tool_is_chosen_by_keys_and_the_focus_stays()
    {
        await using var ana = await browsers.OpenAsync(server.App.Address);
        var page = ana.Page;
        await page.GotoAsync("/tools");
        var choice = page.GetByRole(AriaRole.Combobox, new() { Name = "Calculator" });

        await TabToAsync(page, "select[aria-labelledby='tool-calculate']");
        await page.RunAndWaitForResponseAsync(() => page.Keyboard.PressAsync("End"), response => response.Request.Method == "POST");

        await Expect(choice).ToBeFocusedAsync();
        await page.ReloadAsync();
        await Expect(choice).ToHaveValueAsync("Never");
        await choice.SelectOptionAsync("Always");
    }

    private static string Pack(PluginPackages packages, string version) => packages.Pack(version, change: manifest => manifest
        .Replace("\"id\": \"echo\"", $"\"id\": \"{Id}\"", StringComparison.Ordinal).Replace("\"name\": \"Echo\"", "\"name\": \"Keyed\"", StringComparison.Ordinal));

    private static async Task HandInAsync(IPage page, string package)
    {
        await page.GotoAsync("/admin/plugins");
        await TabToAsync(page, "#package");
        // The window in which a file is chosen is the system's.
        await page.Locator("#package").SetInputFilesAsync(package);
        await ActAsync(page, "#plugin-upload button");
        await Expect(page.Locator("#plugin-consent")).ToBeVisibleAsync();
        if (await page.Locator("[name=AcceptsInProcess]").CountAsync() > 0)
        {
            await TabToAsync(page, "[name=AcceptsInProcess]");
            await page.Keyboard.PressAsync("Space");
        }
    }

    // With scripts the steps come by themselves; without, a link reads them again.
    private static async Task DoneAsync(IPage page, bool withScripts)
    {
        await Expect(page.Locator("#operation")).ToBeVisibleAsync();
        await Expect(page.Locator("#operation")).ToHaveRoleAsync(AriaRole.Status);
        var done = page.Locator("#operation .card__head .badge:not(.badge--idle)");
        if (!withScripts)
        {
            await Eventually.HoldsAsync("it has ended", async () =>
            {
                await page.ReloadAsync();
                return await done.CountAsync() > 0;
            }, TestContext.Current.CancellationToken);
        }

        await Expect(done).ToHaveTextAsync("Done");
        await ActAsync(page, ".page > p > a[href='/admin/plugins']");
        await Expect(page.Locator("#plugin-upload")).ToBeVisibleAsync();
    }
}
