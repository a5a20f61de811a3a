using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Calango.Core.Plugins;
using Calango.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;

namespace Calango.Web.Tests.Plugins;

/// <summary>An administrator finds plugins in catalogs and at addresses, and says whom to trust, in pages that need no scripts.</summary>
public sealed class CatalogPagesTests : IAsyncLifetime
{
    private const string Id = "lizard";

    private readonly PluginPackages _packages = new();
    private FileSite _site = null!;
    private TestApp _app = null!;
    private Visitor _ana = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _site = await FileSite.StartAsync(_packages.Folder);
        _app = await TestApp.StartAsync(settings: [_site.Setting]);
        _ana = _app.Visit();
    }

    public async ValueTask DisposeAsync()
    {
        _ana.Dispose();
        await _app.DisposeAsync();
        await _site.DisposeAsync();
        _packages.Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_plugin_is_found_in_a_catalog_installed_and_updated(bool overHttp)
    {
        Pack("1.0.0", manifest => manifest.Replace("\"capabilities\": {}", "\"capabilities\": {\"network\": [\"example.com\"]}, \"changes\": \"It shouts.\"", StringComparison.Ordinal));
        Pack("9.0.0", manifest => manifest.Replace("[1.0,2.0)", "[7.0,8.0)", StringComparison.Ordinal));
        CatalogWriter.Write(_packages.Folder, []);
        var catalogs = await _ana.PostAsync("/admin/plugins/catalogs", Cancelled, ("place", overHttp ? _site.Address.ToString() : _packages.Folder));
        Assert.Equal("Ana's Plugins · 1.0.0", catalogs.QuerySelector("#offers .row__facts")!.TextContent.Trim());
        Assert.Empty((await _ana.GetAsync("/admin/plugins/catalogs?q=gecko", Cancelled)).QuerySelectorAll("#offers .row"));
        Assert.Single((await _ana.GetAsync("/admin/plugins/catalogs?q=LIZ", Cancelled)).QuerySelectorAll("#offers .row"));

        var offer = await _ana.GetAsync(catalogs.QuerySelector("#offers a")!.GetAttribute("href")!, Cancelled);
        var (unfit, fit) = (offer.QuerySelectorAll(".cards > .card")[0], offer.QuerySelectorAll(".cards > .card")[1]);
        Assert.Contains("Not for this server", unfit.TextContent, StringComparison.Ordinal);
        Assert.Contains("[7.0,8.0) (this server has 1.", unfit.TextContent, StringComparison.Ordinal);
        Assert.Null(unfit.QuerySelector("form"));
        Assert.Contains("It shouts.", fit.TextContent, StringComparison.Ordinal);
        Assert.Contains("It connects to example.com.", fit.TextContent, StringComparison.Ordinal);
        Assert.Contains("signed by a stranger", fit.TextContent, StringComparison.Ordinal);

        await InstallAsync(await SubmitAsync(fit.QuerySelector("form")!));
        Assert.Equal("1.0.0", await VersionAsync());

        Pack("1.1.0");
        CatalogWriter.Write(_packages.Folder, []);
        await _ana.PostAsync(CatalogPath(await _ana.GetAsync("/admin/plugins/catalogs", Cancelled)), Cancelled);
        var card = (await _ana.GetAsync("/admin/plugins", Cancelled)).QuerySelector($"#plugin-{Id}")!;
        Assert.Contains("Version 1.1.0 is in a catalog.", card.TextContent, StringComparison.Ordinal);
        await InstallAsync(await SubmitAsync(card.QuerySelector("form")!));
        Assert.Equal("1.1.0", await VersionAsync());
    }

    [Fact]
    public async Task A_catalog_that_went_away_says_why_and_still_shows_what_was_known()
    {
        await AddAsync();
        File.WriteAllText(Path.Combine(_packages.Folder, "index.json"), "{");

        var page = await _ana.PostAsync(CatalogPath(await _ana.GetAsync("/admin/plugins/catalogs", Cancelled)), Cancelled);

        Assert.Contains("Its index.json is not one", page.QuerySelector(".notice-line")!.TextContent, StringComparison.Ordinal);
        Assert.Single(page.QuerySelectorAll("#offers .row"));

        page = await _ana.PostAsync(CatalogPath(page), Cancelled, ("_method", "DELETE"));
        Assert.Empty(page.QuerySelectorAll("#offers .row"));
    }

    [Fact]
    public async Task A_package_is_fetched_from_its_address()
    {
        Pack("1.0.0");

        var asked = await LookAtAsync($"{_site.Address}{Id}-1.0.0.cpk");
        await InstallAsync(asked);

        Assert.Equal("1.0.0", await VersionAsync());
    }

    public static TheoryData<string, string> Addresses() => new()
    {
        { "https://127.0.0.1/plugin.cpk", "is not on the public web" },
        { "https://127.0.0.1:1/plugin.cpk", "is not on the public web" },
        { "https://localhost/plugin.cpk", "is not on the public web" },
        { "https://2130706433/plugin.cpk", "is not on the public web" },
        { "https://[::ffff:127.0.0.1]/plugin.cpk", "is not on the public web" },
        { "https://169.254.169.254/latest/meta-data/", "is not on the public web" },
        { "https://10.0.0.1/plugin.cpk", "is not on the public web" },
        { "https://ana:secret@example.com/plugin.cpk", "is not on the public web" },
        { "http://example.com/plugin.cpk", "Enter the https address" },
        { "file:///etc/passwd", "Enter the https address" },
        { "ftp://example.com/plugin.cpk", "Enter the https address" },
        { "plugin.cpk", "Enter the https address" },
    };

    [Theory]
    [MemberData(nameof(Addresses))]
    public async Task An_address_that_is_not_of_the_public_web_is_refused(string address, string sentence)
    {
        using var refused = await _ana.TryPostAsync("/admin/plugins/inspection", Cancelled, ("address", address));
        var page = await ReadAsync(refused);

        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Contains(sentence, page.QuerySelector(".field__error")!.TextContent, StringComparison.Ordinal);
        Assert.Equal(address, ((IHtmlInputElement)page.QuerySelector("#address")!).Value);
    }

    [Theory]
    [InlineData("http://127.0.0.1:1")]
    [InlineData("http://localhost:1")]
    [InlineData("http://169.254.169.254")]
    [InlineData("https://[::1]")]
    public async Task A_catalog_that_is_not_of_the_public_web_is_refused(string place)
    {
        using var refused = await _ana.TryPostAsync("/admin/plugins/catalogs", Cancelled, ("place", place));
        var page = await ReadAsync(refused);

        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Contains("is not on the public web", page.QuerySelector(".field__error")!.TextContent, StringComparison.Ordinal);
        Assert.Equal(place, ((IHtmlInputElement)page.QuerySelector("#place")!).Value);
    }

    [Theory]
    [InlineData("http://127.0.0.1:1/")]
    [InlineData("http://169.254.169.254/")]
    [InlineData("file:///etc/passwd")]
    public async Task A_redirect_into_a_network_of_ones_own_is_refused_too(string target)
    {
        _site.Answer = context =>
        {
            context.Response.Redirect(target);
            return Task.CompletedTask;
        };

        foreach (var (path, field, value) in new[] { ("/admin/plugins/inspection", "address", $"{_site.Address}a.cpk"), ("/admin/plugins/catalogs", "place", _site.Address.ToString()) })
        {
            using var refused = await _ana.TryPostAsync(path, Cancelled, (field, value));
            Assert.Contains("is not on the public web", (await ReadAsync(refused)).QuerySelector(".field__error")!.TextContent, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task What_breaks_off_or_never_ends_leaves_nothing_behind()
    {
        _site.Answer = async context =>
        {
            context.Response.ContentLength = 1000;
            await context.Response.Body.WriteAsync(new byte[10]);
            context.Abort();
        };
        using var cut = await _ana.TryPostAsync("/admin/plugins/inspection", Cancelled, ("address", $"{_site.Address}a.cpk"));
        Assert.Contains("the connection broke", (await ReadAsync(cut)).QuerySelector(".field__error")!.TextContent, StringComparison.Ordinal);

        _site.Answer = async context =>
        {
            while (!context.RequestAborted.IsCancellationRequested)
            {
                await context.Response.Body.WriteAsync(new byte[64 * 1024], context.RequestAborted);
            }
        };
        using var endless = await _ana.TryPostAsync("/admin/plugins/catalogs", Cancelled, ("place", _site.Address.ToString()));
        Assert.Contains("more than 8 MB", (await ReadAsync(endless)).QuerySelector(".field__error")!.TextContent, StringComparison.Ordinal);

        _site.Answer = context =>
        {
            context.Response.StatusCode = 410;
            return Task.CompletedTask;
        };
        using var gone = await _ana.TryPostAsync("/admin/plugins/catalogs", Cancelled, ("place", _site.Address.ToString()));
        Assert.Contains("the status 410", (await ReadAsync(gone)).QuerySelector(".field__error")!.TextContent, StringComparison.Ordinal);

        Assert.Empty(Directory.GetFiles(Path.Combine(_app.DataFolder, "plugins", ".staging")));
        Assert.Empty(_app.Services.GetRequiredService<PluginCatalogs>().All);
    }

    [Fact]
    public async Task A_publisher_is_trusted_from_the_consent_and_no_longer_from_the_list()
    {
        Pack("1.0.0");
        var asked = await LookAtAsync($"{_site.Address}{Id}-1.0.0.cpk");
        Assert.Contains("this server does not know the key", asked.Body!.TextContent, StringComparison.Ordinal);
        Assert.Equal(_packages.Key.Id, asked.QuerySelector("#plugin-trust .fingerprint")!.TextContent.Replace(" ", "", StringComparison.Ordinal));

        asked = await SubmitAsync(asked.QuerySelector("#plugin-trust")!);
        Assert.Contains("whose key this server trusts", asked.Body!.TextContent, StringComparison.Ordinal);
        Assert.Null(asked.QuerySelector("#plugin-trust"));
        await InstallAsync(asked);
        Assert.Contains("signed and trusted", (await CardAsync())!.TextContent, StringComparison.Ordinal);

        var publishers = await _ana.GetAsync("/admin/plugins/publishers", Cancelled);
        Assert.Equal(PluginPackages.Publisher, publishers.QuerySelector(".card__title")!.TextContent);
        publishers = await _ana.PostAsync($"/admin/plugins/publishers/{_packages.Key.Id}", Cancelled, ("_method", "DELETE"));
        Assert.Contains("No publisher is trusted.", publishers.Body!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_publisher_is_entered_with_a_key_in_either_form_and_a_wrong_one_is_said()
    {
        var pem = $"-----BEGIN PUBLIC KEY-----\n{_packages.Key.PublicKey}\n-----END PUBLIC KEY-----";
        foreach (var key in new[] { _packages.Key.PublicKey, pem })
        {
            var page = await _ana.PostAsync("/admin/plugins/publishers", Cancelled, ("name", "Ana's Plugins"), ("key", key));
            Assert.Equal(_packages.Key.Id, Assert.Single(page.QuerySelectorAll(".card .fingerprint")).TextContent.Replace(" ", "", StringComparison.Ordinal));
        }

        foreach (var (name, key) in new[] { ("Ana", "no key"), ("Ana", _packages.Key.ExportPrivatePem().Replace("PRIVATE", "SECRET", StringComparison.Ordinal)), ("", _packages.Key.PublicKey) })
        {
            using var refused = await _ana.TryPostAsync("/admin/plugins/publishers", Cancelled, ("name", name), ("key", key));
            Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
            Assert.NotNull((await ReadAsync(refused)).QuerySelector(".field__error"));
        }
    }

    [Fact]
    public async Task What_a_catalog_took_back_is_listed_and_allowed_again()
    {
        await AddAsync();
        var offer = await _ana.GetAsync((await _ana.GetAsync("/admin/plugins/catalogs", Cancelled)).QuerySelector("#offers a")!.GetAttribute("href")!, Cancelled);
        await InstallAsync(await SubmitAsync(offer.QuerySelector(".card form")!));
        CatalogWriter.Write(_packages.Folder, [_packages.Key.Id]);
        await _ana.PostAsync(CatalogPath(await _ana.GetAsync("/admin/plugins/catalogs", Cancelled)), Cancelled);
        Assert.Contains("Its publisher took it back", (await CardAsync())!.TextContent, StringComparison.Ordinal);

        var publishers = await _ana.GetAsync("/admin/plugins/publishers", Cancelled);
        Assert.Equal(_packages.Key.Id, publishers.QuerySelector(".rows .fingerprint")!.TextContent.Replace(" ", "", StringComparison.Ordinal));
        publishers = await _ana.PostAsync($"/admin/plugins/revocations/{_packages.Key.Id}", Cancelled, ("_method", "DELETE"));
        Assert.Null(publishers.QuerySelector(".rows .fingerprint"));
        Assert.DoesNotContain("Its publisher took it back", (await CardAsync())!.TextContent, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/admin/plugins/catalogs", "place")]
    [InlineData("/admin/plugins/inspection", "address")]
    [InlineData("/admin/plugins/publishers", "key")]
    public async Task A_form_of_another_site_changes_nothing(string path, string field)
    {
        await _ana.GetAsync("/admin/plugins", Cancelled);
        using var forged = await _ana.Http.PostAsync(path, new FormUrlEncodedContent([KeyValuePair.Create(field, _packages.Key.PublicKey), KeyValuePair.Create("name", "Eve")]), Cancelled);

        Assert.Equal(HttpStatusCode.BadRequest, forged.StatusCode);
        Assert.Empty(_app.Services.GetRequiredService<PluginTrust>().Publishers);
    }

    [Fact]
    public async Task The_disabling_of_a_plugin_of_the_server_names_its_version()
    {
        var operation = await _ana.PostAsync("/admin/plugins/tools/service", Cancelled, ("_method", "DELETE"));
        Assert.Equal("tools 1.0.0", operation.QuerySelector(".card__title")!.TextContent.Trim());
    }

    private void Pack(string version, Func<string, string>? change = null)
    {
        var packed = _packages.Pack(version, change: manifest => (change ?? (text => text))(manifest.Replace("\"id\": \"echo\"", $"\"id\": \"{Id}\"", StringComparison.Ordinal).Replace("\"name\": \"Echo\"", "\"name\": \"Lizard\"", StringComparison.Ordinal)));
        File.Move(packed, Path.Combine(_packages.Folder, $"{Id}-{version}.cpk"), overwrite: true);
    }

    private Task AddAsync()
    {
        Pack("1.0.0");
        CatalogWriter.Write(_packages.Folder, []);
        return _ana.PostAsync("/admin/plugins/catalogs", Cancelled, ("place", _packages.Folder));
    }

    private async Task<IHtmlDocument> LookAtAsync(string address) => await _ana.PostAsync("/admin/plugins/inspection", Cancelled, ("address", address));

    // As a browser does: the form's own hidden fields.
    private Task<IHtmlDocument> SubmitAsync(IElement form) =>
        _ana.PostAsync(form.GetAttribute("action")!, Cancelled, [.. form.QuerySelectorAll("input[type=hidden]").Where(input => input.GetAttribute("name") != "__RequestVerificationToken").Select(input => (input.GetAttribute("name")!, input.GetAttribute("value") ?? ""))]);

    private async Task InstallAsync(IHtmlDocument asked)
    {
        var fields = asked.QuerySelectorAll("#plugin-consent input[type=hidden]").Where(input => input.GetAttribute("name") != "__RequestVerificationToken").Select(input => (input.GetAttribute("name")!, input.GetAttribute("value") ?? ""));
        var operation = await _ana.PostAsync("/admin/plugins/installation", Cancelled, [.. fields, ("AcceptsInProcess", "true")]);
        var path = _ana.Path;
        await Eventually.HoldsAsync("it has ended", async () => !(operation = await _ana.GetAsync(path, Cancelled)).QuerySelector(".card__head .badge")!.TextContent.Contains("Running", StringComparison.Ordinal), Cancelled);
        Assert.Contains("Done", operation.QuerySelector(".card__head .badge")!.TextContent, StringComparison.Ordinal);
    }

    private static string CatalogPath(IHtmlDocument catalogs) => catalogs.QuerySelector("button[formaction*='/admin/plugins/catalogs/']")!.GetAttribute("formaction")!.Split('?')[0];

    private static async Task<IHtmlDocument> ReadAsync(HttpResponseMessage response) =>
        await new HtmlParser().ParseDocumentAsync(await response.Content.ReadAsStringAsync(Cancelled), Cancelled);

    private async Task<string?> VersionAsync() => (await CardAsync())?.QuerySelector("small")!.TextContent.Trim();

    private async Task<IElement?> CardAsync() => (await _ana.GetAsync("/admin/plugins", Cancelled)).QuerySelector($"#plugin-{Id}");
}
