using Calango.Tests.Fixtures;
using Microsoft.Playwright;

[assembly: AssemblyFixture(typeof(Calango.Browser.Tests.Browsing.Browsers))]

namespace Calango.Browser.Tests.Browsing;

/// <summary>One Chromium for the whole run; each test gets a profile of its own from <see cref="OpenAsync"/>.</summary>
public sealed class Browsers : IAsyncLifetime
{
    // The browser itself must not reach for the network either.
    private static readonly string[] Arguments =
    [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
        "--disable-background-networking", "--disable-component-update", "--disable-sync",
        // A stranger's name for this machine, as DNS rebinding gives it.
        "--host-resolver-rules=MAP stranger.example 127.0.0.1",
    ];

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    /// <summary>Why there is no browser to test with; null if there is.</summary>
    public static string? WhyNot => Chromium is null ? "Chromium is not installed (Debian package chromium)." : null;

    private static string? Chromium { get; } = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
        .Append("/usr/bin").Select(folder => Path.Combine(folder, "chromium")).FirstOrDefault(File.Exists);

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        if (WhyNot is null)
        {
            Assertions.SetDefaultExpectTimeout((float)Eventually.Limit.TotalMilliseconds);
            _playwright = await Playwright.CreateAsync();
            _browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = Chromium, Args = Arguments });
        }
    }

    /// <summary>Someone opens a browser of their own. The test is skipped, visibly, where there is none.</summary>
    /// <param name="address">The server; whatever the pages ask of another fails the test.</param>
    /// <param name="options">Language, colours, size, scripts; the default is a desktop in English.</param>
    public async Task<BrowserSession> OpenAsync(Uri address, BrowserNewContextOptions? options = null)
    {
        Assert.SkipWhen(_browser is null, WhyNot ?? "");
        options ??= new();
        options.BaseURL = address.ToString();
        options.Locale ??= "en-US";
        // A worker would answer in the place of the network that a test watches.
        options.ServiceWorkers ??= ServiceWorkerPolicy.Block;
        options.ReducedMotion ??= ReducedMotion.Reduce;
        var context = await _browser.NewContextAsync(options);
        context.SetDefaultTimeout((float)Eventually.Limit.TotalMilliseconds);
        return await BrowserSession.OpenAsync(context, address);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
    }
}
