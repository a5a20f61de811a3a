using System.Collections.Concurrent;
using System.IO.Compression;
using System.Net;
using System.Text;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using Calango.Core.Data;
using Calango.Core.Knowledge;
using Calango.Tests.Fixtures;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Calango.Web.Tests.Knowledge;

/// <summary>Documents that come from the web and from folders by themselves, against a real site on loopback.</summary>
public sealed class SourceTests : IAsyncLifetime
{
    private readonly string _folder = TestFolders.NewTemporary("sources");
    private readonly ConcurrentQueue<string> _asked = new();
    private readonly ConcurrentDictionary<string, RequestDelegate> _pages = new();
    private FileSite _site = null!;
    private int _atOnce;
    private int _mostAtOnce;

    private static CancellationToken TestEnd => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _site = await FileSite.StartAsync(_folder);
        _site.Answer = async context =>
        {
            _asked.Enqueue(context.Request.Path);
            _mostAtOnce = Math.Max(_mostAtOnce, Interlocked.Increment(ref _atOnce));
            await (_pages.GetValueOrDefault(context.Request.Path.Value!) ?? Status(404))(context);
            Interlocked.Decrement(ref _atOnce);
        };
    }

    public async ValueTask DisposeAsync()
    {
        await _site.DisposeAsync();
        TestFolders.Delete(_folder);
    }

    [EachDatabase]
    public async Task A_page_becomes_a_document_that_follows_it_and_goes_when_it_was_gone_twice(DatabaseKind kind)
    {
        await using var app = await StartAsync(kind);
        using var ana = app.Visit();
        var collection = await ana.MakeCollectionAsync("Animals", TestEnd);
        _pages["/calango"] = Page("The calango &amp; the sun", "The calango basks on warm stones at noon.", tag: "\"one\"");

        var source = await AddAsync(ana, collection, new Uri(_site.Address, "calango").AbsoluteUri);
        var page = await ana.SettledAsync(collection, TestEnd);

        Assert.Equal("The calango & the sun", Assert.Single(page.Documents()).QuerySelector("a")!.TextContent);
        var document = page.Documents()[0].Address();
        Assert.Contains(new Uri(_site.Address, "calango").AbsoluteUri, (await ana.GetAsync(document, TestEnd)).QuerySelector(".facts-list")!.TextContent, StringComparison.Ordinal);
        Assert.Single(await ana.FindAsync(collection, "where does the calango bask", TestEnd));

        await RefreshAsync(ana, collection, source, "Ready");
        Assert.Equal(2, _asked.Count(path => path == "/calango"));
        Assert.Equal(document, Assert.Single((await ana.SettledAsync(collection, TestEnd)).Documents()).Address());

        _pages["/calango"] = Page("The calango &amp; the sun", "At night it sleeps in a hole.", tag: "\"two\"");
        await RefreshAsync(ana, collection, source, "Ready");
        Assert.Equal(document, Assert.Single((await ana.SettledAsync(collection, TestEnd)).Documents()).Address());
        Assert.Contains("hole", Assert.Single(await ana.FindAsync(collection, "where does it sleep at night", TestEnd)), StringComparison.Ordinal);

        _pages["/calango"] = Status(410);
        Assert.Contains("The page is not there.", (await RefreshAsync(ana, collection, source, "Failed")).TextContent, StringComparison.Ordinal);
        Assert.Single((await ana.SettledAsync(collection, TestEnd)).Documents());
        await RefreshAsync(ana, collection, source, "Failed");
        await Eventually.HoldsAsync("the document is gone", async () => (await ana.GetAsync(collection, TestEnd)).Documents().Count == 0, TestEnd);
    }

    [EachDatabase]
    public async Task Of_a_sitemap_each_page_becomes_a_document_one_after_another_as_far_as_the_site_allows(DatabaseKind kind)
    {
        await using var app = await StartAsync(kind);
        using var ana = app.Visit();
        var collection = await ana.MakeCollectionAsync("Animals", TestEnd);
        _pages["/robots.txt"] = Text("User-agent: *\nDisallow: /\n\nUser-agent: Calango\nDisallow: /private/\nAllow: /private/open*.html$\n", "text/plain");
        _pages["/sitemap.xml"] = Text($"<?xml version=\"1.0\"?><sitemapindex xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\"><sitemap><loc>{_site.Address}pages.xml.gz</loc></sitemap></sitemapindex>", "application/xml");
        _pages["/pages.xml.gz"] = Gzip("<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">"
            + string.Concat(new[] { $"{_site.Address}ants", $"{_site.Address}bees", $"{_site.Address}private/one.html", $"{_site.Address}private/open-two.html", "http://elsewhere.example/x" }.Select(address => $"<url><loc>{address}</loc></url>")) + "</urlset>");
        _pages["/ants"] = Page("Animals", "Ants carry leaves.");
        _pages["/bees"] = Page("Animals", "Bees dance for each other.");
        _pages["/private/one.html"] = Page("Secret", "Nobody should read this.");
        _pages["/private/open-two.html"] = Page("Open", "This may be read.");

        var source = await AddAsync(ana, collection, new Uri(_site.Address, "sitemap.xml").AbsoluteUri);
        var page = await ana.SettledAsync(collection, TestEnd);

        Assert.Equal(3, page.Documents().Count);
        Assert.DoesNotContain("/private/one.html", _asked);
        Assert.Equal(1, _mostAtOnce);
        Assert.Contains("3 pages", (await RowAsync(ana, collection, source)).TextContent, StringComparison.Ordinal);
        Assert.Contains("dance", Assert.Single(await ana.FindAsync(collection, "what do bees do for each other", TestEnd)), StringComparison.Ordinal);

        _pages["/pages.xml.gz"] = Gzip($"<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\"><url><loc>{_site.Address}ants</loc></url></urlset>");
        await RefreshAsync(ana, collection, source, "Ready");
        Assert.Equal(3, (await ana.SettledAsync(collection, TestEnd)).Documents().Count);
        await RefreshAsync(ana, collection, source, "Ready");
        await Eventually.HoldsAsync("what it names no more is gone", async () => (await ana.GetAsync(collection, TestEnd)).Documents().Count == 1, TestEnd);
    }

    [Fact]
    public async Task N03_what_cannot_be_had_says_why_and_nothing_of_it_is_taken_in()
    {
        await using var app = await StartAsync(DatabaseKind.Sqlite);
        using var ana = app.Visit();
        var collection = await ana.MakeCollectionAsync("Animals", TestEnd);
        _pages["/inwards"] = context => Go(context, $"http://127.0.0.1:{_site.Address.Port + 1}/admin");
        _pages["/metadata"] = context => Go(context, "http://169.254.169.254/latest/meta-data/");
        _pages["/picture"] = Text("not really", "image/png");
        _pages["/error"] = Status(500);
        _pages["/broken.xml"] = Text("<urlset><url><loc>http://a.example/</loc>", "application/xml");
        _pages["/huge"] = async context =>
        {
            var block = new byte[1 << 20];
            for (var sent = 0; sent < 30 && !context.RequestAborted.IsCancellationRequested; sent++)
            {
                await context.Response.Body.WriteAsync(block, context.RequestAborted);
            }
        };

        foreach (var (path, sentence) in new[]
        {
            ("inwards", "leads to an address within this server's own network"), ("metadata", "leads to an address within this server's own network"),
            ("picture", "is of the type image/png"), ("error", "status 500"), ("broken.xml", "The sitemap is broken"), ("huge", "larger than 25 MB"), ("missing", "The page is not there"),
        })
        {
            var source = await AddAsync(ana, collection, new Uri(_site.Address, path).AbsoluteUri, state: "Failed");
            Assert.Contains(sentence, (await RowAsync(ana, collection, source)).TextContent, StringComparison.Ordinal);
        }

        var inner = await AddAsync(ana, collection, $"http://127.0.0.1:{_site.Address.Port + 1}/", state: "Failed");
        Assert.Contains("is not on the public web", (await RowAsync(ana, collection, inner)).TextContent, StringComparison.Ordinal);
        Assert.Empty((await ana.GetAsync(collection, TestEnd)).Documents());
        foreach (var address in new[] { "", "file:///etc/passwd", "http://ana:secret@example.org/", "/etc", new Uri(_site.Address, "picture").AbsoluteUri })
        {
            using var refused = await ana.TryPostAsync($"{collection}/sources", TestEnd, ("Kind", "Web"), ("Address", address), ("Interval", "Never"));
            Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        }
    }

    [EachDatabase]
    public async Task A_source_is_looked_at_again_when_it_is_due_and_removed_with_its_documents_or_without(DatabaseKind kind)
    {
        await using var app = await StartAsync(kind);
        using var ana = app.Visit();
        var collection = await ana.MakeCollectionAsync("Animals", TestEnd);
        (_pages["/ants"], _pages["/bees"]) = (Page("Ants", "Ants carry leaves."), Page("Bees", "Bees dance for each other."));
        var ants = await AddAsync(ana, collection, new Uri(_site.Address, "ants").AbsoluteUri, "Hourly");
        var bees = await AddAsync(ana, collection, new Uri(_site.Address, "bees").AbsoluteUri, "Never");
        await ana.SettledAsync(collection, TestEnd);
        Assert.Contains("next", (await RowAsync(ana, collection, ants)).TextContent, StringComparison.Ordinal);
        Assert.DoesNotContain("next", (await RowAsync(ana, collection, bees)).TextContent, StringComparison.Ordinal);

        _pages["/ants"] = Page("Ants", "Ants sleep in winter.");
        var past = TimeProvider.System.GetUtcNow().AddSeconds(-1);
        await app.Services.GetRequiredService<Database>().WriteAsync(
            db => db.Set<Source>().Where(source => source.DueAt != null).ExecuteUpdateAsync(set => set.SetProperty(source => source.DueAt, past), TestEnd), TestEnd);
        // Whatever is asked of one of them has all looked through that are due; else the next minute does.
        await ana.PostAsync(bees, TestEnd, ("_method", "PUT"), ("Interval", "Never"));
        await Eventually.HoldsAsync("the change is found", async () => (await ana.FindAsync(collection, "what do ants do in winter", TestEnd)).Count == 1, TestEnd);
        Assert.Equal(1, _asked.Count(path => path == "/bees"));

        await ana.GetAsync(ants, TestEnd);
        await ana.PostAsync(ants, TestEnd, ("_method", "PUT"), ("Interval", "Never"));
        Assert.DoesNotContain("next", (await RowAsync(ana, collection, ants)).TextContent, StringComparison.Ordinal);
        await ana.PostAsync(ants, TestEnd, ("_method", "DELETE"));
        await ana.PostAsync($"{bees}?withDocuments=true", TestEnd, ("_method", "DELETE"));
        Assert.Empty((await ana.GetAsync($"{collection}/sources", TestEnd)).QuerySelectorAll("#sources li"));
        Assert.Equal("Ants", Assert.Single((await ana.SettledAsync(collection, TestEnd)).Documents()).QuerySelector("a")!.TextContent);
    }

    [EachDatabase]
    public async Task A_folder_of_the_server_is_followed_and_no_link_out_of_it(DatabaseKind kind)
    {
        var root = Directory.CreateDirectory(Path.Combine(_folder, "root")).FullName;
        var watched = Directory.CreateDirectory(Path.Combine(root, "watched", "within")).Parent!.FullName;
        var outside = Directory.CreateDirectory(Path.Combine(_folder, "outside")).FullName;
        await File.WriteAllTextAsync(Path.Combine(outside, "secret.txt"), "The treasure is under the third palm.", TestEnd);
        await File.WriteAllTextAsync(Path.Combine(watched, "ants.txt"), "Ants carry leaves.", TestEnd);
        await File.WriteAllTextAsync(Path.Combine(watched, "within", "bees.txt"), "Bees dance for each other.", TestEnd);
        File.CreateSymbolicLink(Path.Combine(watched, "link.txt"), Path.Combine(outside, "secret.txt"));
        Directory.CreateSymbolicLink(Path.Combine(watched, "out"), outside);
        Directory.CreateSymbolicLink(Path.Combine(root, "detour"), outside);
        await using var app = await TestApp.StartAsync(kind, connected: false, settings: [new("CALANGO_KNOWLEDGE_FOLDERS", root)]);
        using var ana = app.Visit();
        var collection = await ana.MakeCollectionAsync("Animals", TestEnd);

        foreach (var path in new[] { outside, Path.Combine(root, "detour"), Path.Combine(root, "..", "outside"), Path.Combine(root, "missing"), "/etc", "relative" })
        {
            using var refused = await ana.TryPostAsync($"{collection}/sources", TestEnd, ("Kind", "Folder"), ("Address", path), ("Interval", "Never"));
            Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        }

        var source = await AddAsync(ana, collection, watched, kind: "Folder");
        Assert.Equal(["ants.txt", "within/bees.txt"], Names(await ana.SettledAsync(collection, TestEnd)));
        Assert.Empty(await ana.FindAsync(collection, "where is the treasure under the palm", TestEnd));

        await File.WriteAllTextAsync(Path.Combine(watched, "ants.txt"), "Ants sleep all through the winter.", TestEnd);
        File.Delete(Path.Combine(watched, "within", "bees.txt"));
        await File.WriteAllTextAsync(Path.Combine(watched, "wasps.txt"), "Wasps build with paper.", TestEnd);
        await RefreshAsync(ana, collection, source, "Ready");
        await Eventually.HoldsAsync("the folder is followed", async () => Names(await ana.SettledAsync(collection, TestEnd)) is ["ants.txt", "wasps.txt"], TestEnd);
        Assert.Single(await ana.FindAsync(collection, "what do ants do in winter", TestEnd));

        Directory.Move(watched, watched + "-away");
        Assert.Contains("The folder is not there any more", (await RefreshAsync(ana, collection, source, "Failed")).TextContent, StringComparison.Ordinal);
        Assert.Equal(2, (await ana.SettledAsync(collection, TestEnd)).Documents().Count);
    }

    private static string[] Names(IHtmlDocument page) => [.. page.Documents().Select(row => row.QuerySelector("a")!.TextContent)];

    private Task<TestApp> StartAsync(DatabaseKind kind) => TestApp.StartAsync(kind, connected: false, settings: [_site.Setting]);

    private static async Task<string> AddAsync(Visitor ana, string collection, string address, string interval = "Never", string state = "Ready", string kind = "Web")
    {
        await ana.GetAsync($"{collection}/sources", TestEnd);
        var page = await ana.PostAsync($"{collection}/sources", TestEnd, ("Kind", kind), ("Address", address), ("Interval", interval));
        var source = page.QuerySelectorAll("#sources li").Last().QuerySelector("a")!.GetAttribute("href")!;
        await SettledAsync(ana, collection, source, state);
        return source;
    }

    private static async Task<IElement> RefreshAsync(Visitor ana, string collection, string source, string state)
    {
        await ana.PostAsync($"{source}/refresh", TestEnd);
        return await SettledAsync(ana, collection, source, state);
    }

    private static async Task<IElement> SettledAsync(Visitor ana, string collection, string source, string state)
    {
        IElement row = null!;
        await Eventually.HoldsAsync("the source was looked at", async () => (row = await RowAsync(ana, collection, source)).GetAttribute("data-state") is "Ready" or "Failed", TestEnd);
        Assert.Equal((state, row.TextContent), (row.GetAttribute("data-state"), row.TextContent));
        return row;
    }

    private static async Task<IElement> RowAsync(Visitor ana, string collection, string source) =>
        (await ana.GetAsync($"{collection}/sources", TestEnd)).GetElementById($"source-{source.Split('/')[^1]}")!;

    private static RequestDelegate Status(int status) => context =>
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    };

    private static Task Go(HttpContext context, string address)
    {
        context.Response.Redirect(address);
        return Task.CompletedTask;
    }

    private static RequestDelegate Page(string title, string text, string? tag = null) => context =>
    {
        if (tag is not null)
        {
            context.Response.Headers.ETag = tag;
            if (context.Request.Headers.IfNoneMatch == tag)
            {
                context.Response.StatusCode = 304;
                return Task.CompletedTask;
            }
        }

        return Text($"<!doctype html><html><head><title>{title}</title></head><body><main><p>{text}</p></main></body></html>", "text/html; charset=utf-8")(context);
    };

    private static RequestDelegate Text(string text, string type) => context =>
    {
        context.Response.ContentType = type;
        return context.Response.WriteAsync(text, TestEnd);
    };

    private static RequestDelegate Gzip(string text) => async context =>
    {
        context.Response.ContentType = "application/gzip";
        await using var packed = new GZipStream(context.Response.Body, CompressionLevel.Fastest, leaveOpen: true);
        await packed.WriteAsync(Encoding.UTF8.GetBytes(text), TestEnd);
    };
}
