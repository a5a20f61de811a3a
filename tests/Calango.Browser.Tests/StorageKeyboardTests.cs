using Calango.Browser.Tests.Browsing;
using Calango.Tests.Fixtures;
using Calango.Tests.Support.S3;
using Microsoft.Playwright;
using static Calango.Browser.Tests.Browsing.Keys;
using static Microsoft.Playwright.Assertions;

namespace Calango.Browser.Tests;

/// <summary>An administrator who has no mouse, and one whose browser runs no scripts, move the files to another place and remove the copies.</summary>
public sealed class StorageKeyboardTests(Browsers browsers)
{
    private const string Form = "#storage-s3-storage";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_place_is_tried_and_chosen_all_files_move_there_and_the_copies_are_removed_by_keys_alone(bool withScripts)
    {
        await using var s3 = await S3Server.StartAsync();
        await using var app = await TestApp.StartAsync(connected: false);
        await using var ana = await browsers.OpenAsync(app.Address, new() { JavaScriptEnabled = withScripts, ViewportSize = new() { Width = 1280, Height = 800 } });
        var page = ana.Page;
        await page.GotoAsync("/admin/storage");

        await EnterAsync(page, s3, "a-wrong-secret");
        await ActAsync(page, $"{Form} [name=Test]", leaves: !withScripts);
        await Expect(page.Locator($"{Form} .failure")).ToContainTextAsync("the secret key is wrong");
        await EnterAsync(page, s3, s3.Settings["secretKey"]);
        await ActAsync(page, $"{Form} [name=Test]", leaves: !withScripts);
        await Expect(page.Locator($"{Form} .notice-line--good")).ToBeVisibleAsync();
        await EnterAsync(page, s3, s3.Settings["secretKey"]);
        await ActAsync(page, $"{Form} .button--primary");

        await DoneAsync(page);
        await Expect(page.Locator("section[id^=place-]")).ToHaveCountAsync(2);
        await ConfirmedAsync(page, "section[id^=place-] .button--danger", withScripts);
        await DoneAsync(page);
        await Expect(page.Locator("section[id^=place-]")).ToHaveCountAsync(1);
    }

    private static async Task EnterAsync(IPage page, S3Server s3, string secret)
    {
        foreach (var (name, value) in s3.Settings.Where(setting => setting.Key != "pathStyle"))
        {
            await TabToAsync(page, $"{Form} [name='Values[{name}]']");
            await page.Keyboard.PressAsync("ControlOrMeta+A");
            await page.Keyboard.TypeAsync(name == "secretKey" ? secret : value);
        }
    }

    // A page that was left open shows it by itself; the link reads the places again.
    private static async Task DoneAsync(IPage page)
    {
        await Eventually.HoldsAsync("it has ended", async () =>
        {
            await page.ReloadAsync();
            return await page.Locator("[data-move=Done]").CountAsync() > 0;
        }, TestContext.Current.CancellationToken);
        await ActAsync(page, "[data-move=Done] a[href='/admin/storage']");
        await Expect(page.Locator("[data-move=Done]")).ToBeVisibleAsync();
    }
}
