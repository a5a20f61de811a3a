using System.Collections.Concurrent;
using Calango.Tests.Fixtures;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace Calango.Browser.Tests.Browsing;

/// <summary>
/// One person's browser. When it is closed, the test fails if a page logged an error, broke its content policy, or asked
/// another server for anything.
/// </summary>
public sealed class BrowserSession : IAsyncDisposable
{
    private readonly Uri _address;
    private readonly ConcurrentQueue<string> _complaints = new();
    private readonly List<string> _expected = [];

    private BrowserSession(IBrowserContext context, IPage page, Uri address) => (Context, Page, _address) = (context, page, address);

    /// <summary>The profile: cookies, storage, more tabs by <see cref="NewTabAsync"/>.</summary>
    public IBrowserContext Context { get; }

    /// <summary>The first tab.</summary>
    public IPage Page { get; }

    /// <summary>Another tab of the same person.</summary>
    public Task<IPage> NewTabAsync() => Context.NewPageAsync();

    /// <summary>Complaints that contain this are part of the test, such as a refused request.</summary>
    public void Expect(string complaint) => _expected.Add(complaint);

    /// <summary>Fails where axe finds a violation of WCAG 2.2 A or AA, or of its best practices.</summary>
    public async Task AssertAccessibleAsync(IPage? page = null)
    {
        var found = await (page ?? Page).RunAxe();
        Assert.True(found.Violations.Length == 0, string.Join('\n', found.Violations.SelectMany(
            violation => violation.Nodes.Select(node => $"{violation.Id}: {violation.Help}\n  {node.Html}\n  {node.Target}"))));
    }

    /// <summary>Keeps a picture in <c>artifacts/screenshots</c>, for people to look at.</summary>
    public Task PictureAsync(string name, IPage? page = null, bool whole = false) =>
        // To hide the caret would leave style attributes behind, which htmx carries along and the content policy refuses.
        (page ?? Page).ScreenshotAsync(new() { Path = Path.Combine(TestFolders.Artifacts, "screenshots", name + ".png"), FullPage = whole, Caret = ScreenshotCaret.Initial });

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Context.CloseAsync();
        // A test that failed already should show its own reason.
        if (TestContext.Current.TestState?.Result is not TestResult.Failed)
        {
            var unexpected = _complaints.Where(complaint => !_expected.Exists(expected => complaint.Contains(expected, StringComparison.Ordinal))).ToList();
            Assert.True(unexpected.Count == 0, string.Join('\n', unexpected));
        }
    }

    internal static async Task<BrowserSession> OpenAsync(IBrowserContext context, Uri address)
    {
        // A blocked resource shows on the console only in some cases, so pages report each themselves.
        await context.AddInitScriptAsync("addEventListener('securitypolicyviolation', e => console.error(`content policy: ${e.violatedDirective} ${e.blockedURI}`))");
        var session = new BrowserSession(context, await context.NewPageAsync(), address);
        context.Console += (_, message) => session.Note(message.Type == "error", $"console: {message.Text} ({message.Location})");
        context.WebError += (_, error) => session.Note(true, $"script: {error.Error}");
        context.Request += (_, request) => session.Note(session.IsForeign(request.Url), $"foreign origin: {request.Url}");
        return session;
    }

    private void Note(bool isComplaint, string text)
    {
        if (isComplaint)
        {
            _complaints.Enqueue(text);
        }
    }

    private bool IsForeign(string url) =>
        new Uri(url) is { Scheme: "http" or "https" or "ws" or "wss" } target && target.GetLeftPart(UriPartial.Authority) != _address.GetLeftPart(UriPartial.Authority);
}
