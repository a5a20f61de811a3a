using Calango.Browser.Tests.Browsing;
using Calango.Tests.Fixtures;
using Microsoft.Playwright;

namespace Calango.Browser.Tests;

public sealed class FirstPageTests(Browsers browsers)
{
    [Theory]
    [InlineData("en-US", "en", ColorScheme.Light, 1280)]
    [InlineData("pt-BR", "pt-BR", ColorScheme.Dark, 1280)]
    [InlineData("pt-BR", "pt-BR", ColorScheme.Light, 360)]
    public async Task The_first_page_speaks_the_readers_language_is_accessible_and_fits(string locale, string language, ColorScheme colors, int width)
    {
        await using var app = await TestApp.StartAsync();
        await using var ana = await browsers.OpenAsync(app.Address, new() { Locale = locale, ColorScheme = colors, ViewportSize = new() { Width = width, Height = 800 } });

        await ana.Page.GotoAsync("/");

        Assert.Equal(language, await ana.Page.EvaluateAsync<string>("document.documentElement.lang"));
        Assert.True(await ana.Page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"), "The page is wider than the screen.");
        await ana.AssertAccessibleAsync();
        await ana.PictureAsync($"first-page-{language}-{colors}-{width}");
    }
}
