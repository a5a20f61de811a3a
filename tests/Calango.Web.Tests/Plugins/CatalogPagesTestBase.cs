using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Calango.Core.Plugins;
using Calango.Tests.Fixtures;

namespace Calango.Web.Tests.Plugins;

/// <summary>A server, a folder of packages that is a catalog and a web site, and an administrator.</summary>
public abstract class CatalogPagesTestBase : IAsyncLifetime
{
    private protected const string Id = "lizard";

    private protected PluginPackages Packages { get; } = new();

    private protected FileSite Site { get; private set; } = null!;

    private protected TestApp App { get; private set; } = null!;

    private protected Visitor Ana { get; private set; } = null!;

    private protected static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Site = await FileSite.StartAsync(Packages.Folder);
        App = await TestApp.StartAsync(settings: [Site.Setting]);
        Ana = App.Visit();
    }

    public async ValueTask DisposeAsync()
    {
        Ana.Dispose();
        await App.DisposeAsync();
        await Site.DisposeAsync();
        Packages.Dispose();
    }

    private protected void Pack(string version, Func<string, string>? change = null)
    {
        var packed = Packages.Pack(version, change: manifest => (change ?? (text => text))(manifest.Replace("\"id\": \"echo\"", $"\"id\": \"{Id}\"", StringComparison.Ordinal).Replace("\"name\": \"Echo\"", "\"name\": \"Lizard\"", StringComparison.Ordinal)));
        File.Move(packed, Path.Combine(Packages.Folder, $"{Id}-{version}.cpk"), overwrite: true);
    }

    private protected Task AddAsync()
    {
        Pack("1.0.0");
        CatalogWriter.Write(Packages.Folder, []);
        return Ana.PostAsync("/admin/plugins/catalogs", Cancelled, ("place", Packages.Folder));
    }

    private protected async Task<IHtmlDocument> LookAtAsync(string address) => await Ana.PostAsync("/admin/plugins/inspection", Cancelled, ("address", address));

    // As a browser does: the form's own hidden fields.
    private protected Task<IHtmlDocument> SubmitAsync(IElement form) =>
        Ana.PostAsync(form.GetAttribute("action")!, Cancelled, [.. form.QuerySelectorAll("input[type=hidden]").Where(input => input.GetAttribute("name") != "__RequestVerificationToken").Select(input => (input.GetAttribute("name")!, input.GetAttribute("value") ?? ""))]);

    private protected async Task InstallAsync(IHtmlDocument asked)
    {
        var fields = asked.QuerySelectorAll("#plugin-consent input[type=hidden]").Where(input => input.GetAttribute("name") != "__RequestVerificationToken").Select(input => (input.GetAttribute("name")!, input.GetAttribute("value") ?? ""));
        var operation = await Ana.PostAsync("/admin/plugins/installation", Cancelled, [.. fields, ("AcceptsInProcess", "true")]);
        var path = Ana.Path;
        await Eventually.HoldsAsync("it has ended", async () => !(operation = await Ana.GetAsync(path, Cancelled)).QuerySelector(".card__head .badge")!.TextContent.Contains("Running", StringComparison.Ordinal), Cancelled);
        Assert.Contains("Done", operation.QuerySelector(".card__head .badge")!.TextContent, StringComparison.Ordinal);
    }

    private protected static string CatalogPath(IHtmlDocument catalogs) => catalogs.QuerySelector("button[formaction*='/admin/plugins/catalogs/']")!.GetAttribute("formaction")!.Split('?')[0];

    private protected static async Task<IHtmlDocument> ReadAsync(HttpResponseMessage response) =>
        await new HtmlParser().ParseDocumentAsync(await response.Content.ReadAsStringAsync(Cancelled), Cancelled);

    private protected async Task<string?> VersionAsync() => (await CardAsync())?.QuerySelector("small")!.TextContent.Trim();

    private protected async Task<IElement?> CardAsync() => (await Ana.GetAsync("/admin/plugins", Cancelled)).QuerySelector($"#plugin-{Id}");
}
