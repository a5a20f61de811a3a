using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Calango.Browser.Tests.Browsing;

/// <summary>What a person sees of a chat, by the names that tests use.</summary>
internal static class ChatScreen
{
    /// <summary>The place to write.</summary>
    public static ILocator Composer(this IPage page) => page.Locator("#composer-text");

    /// <summary>The messages of both sides, oldest first.</summary>
    public static ILocator Messages(this IPage page) => page.Locator("#messages .message");

    /// <summary>The answers, oldest first.</summary>
    public static ILocator Answers(this IPage page) => page.Locator(".message--answer");

    /// <summary>The questions, oldest first.</summary>
    public static ILocator Questions(this IPage page) => page.Locator(".message--question");

    /// <summary>A button by its whole name.</summary>
    public static ILocator Button(this ILocator place, string name) => place.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    /// <summary>A link by its whole name.</summary>
    public static ILocator Link(this ILocator place, string name) => place.GetByRole(AriaRole.Link, new() { Name = name, Exact = true });

    /// <summary>Types a message and presses Enter.</summary>
    public static async Task SendAsync(this IPage page, string text)
    {
        await page.Composer().FillAsync(text);
        await page.Keyboard.PressAsync("Enter");
    }

    /// <summary>Sends a message and waits until its answer is whole.</summary>
    public static async Task AskAsync(this IPage page, string text)
    {
        var answered = await page.Locator(".message--answer[data-state=Complete]").CountAsync();
        await page.SendAsync(text);
        await Expect(page.Locator(".message--answer[data-state=Complete]")).ToHaveCountAsync(answered + 1);
    }
}
