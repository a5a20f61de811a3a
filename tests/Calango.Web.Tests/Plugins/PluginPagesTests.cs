using System.Net;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Calango.Tests.Fixtures;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Calango.Web.Tests.Plugins;

/// <summary>An administrator installs, updates, takes back, switches and removes a plugin in pages that need no scripts.</summary>
public sealed class PluginPagesTests : IAsyncLifetime
{
    private const string Id = "lizard";

    private readonly PluginPackages _packages = new();
    private TestApp _app = null!;
    private Visitor _ana = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _app = await TestApp.StartAsync();
        _ana = _app.Visit();
    }

    public async ValueTask DisposeAsync()
    {
        _ana.Dispose();
        await _app.DisposeAsync();
        _packages.Dispose();
    }

    [Fact]
    public async Task A_plugin_is_looked_at_installed_updated_taken_back_switched_and_removed()
    {
        var asked = await UploadAsync("1.0.0");
        Assert.Contains("this server does not know the key", asked.Body!.TextContent, StringComparison.Ordinal);
        Assert.Contains("It connects to nothing.", asked.Body.TextContent, StringComparison.Ordinal);
        await AssertDoneAsync(await ConsentAsync(asked), "Install");
        Assert.Equal("1.0.0", await VersionAsync());

        asked = await UploadAsync("1.1.0", manifest => manifest.Replace("\"capabilities\": {}", "\"capabilities\": {\"network\": [\"example.com\"]}", StringComparison.Ordinal));
        Assert.Contains("New: network example.com", asked.Body!.TextContent, StringComparison.Ordinal);
        await AssertDoneAsync(await ConsentAsync(asked), "Update");
        Assert.Equal("1.1.0", await VersionAsync());

        await AssertDoneAsync(await _ana.PostAsync($"/admin/plugins/{Id}/rollback", Cancelled), "RollBack");
        Assert.Equal("1.0.0", await VersionAsync());

        await AssertDoneAsync(await _ana.PostAsync($"/admin/plugins/{Id}/service", Cancelled, ("_method", "DELETE")), "Disable");
        Assert.Contains("Disabled", (await CardAsync())!.TextContent, StringComparison.Ordinal);
        await AssertDoneAsync(await _ana.PostAsync($"/admin/plugins/{Id}/service", Cancelled), "Enable");
        Assert.Contains("Active", (await CardAsync())!.TextContent, StringComparison.Ordinal);

        await AssertDoneAsync(await _ana.PostAsync($"/admin/plugins/{Id}/removal", Cancelled, ("withData", "true")), "Remove");
        await Eventually.HoldsAsync("it has left the memory, too", async () => await CardAsync() is null, Cancelled);
    }

    [Fact]
    public async Task An_untrusted_plugin_runs_apart_from_the_server_and_its_card_says_so()
    {
        var asked = await UploadAsync("1.0.0");
        Assert.SkipUnless(asked.QuerySelector("[name=AcceptsInProcess]") is null, "No plugin can be isolated on this machine.");
        Assert.Contains("in a process of its own", asked.Body!.TextContent, StringComparison.Ordinal);
        await AssertDoneAsync(await _ana.PostAsync("/admin/plugins/installation", Cancelled, Hidden(asked)), "Install");
        Assert.Matches("Apart from the server, in [1-9][0-9]+ MB of memory", (await CardAsync())!.TextContent);
    }

    [Fact]
    public async Task Where_no_plugin_can_run_apart_an_untrusted_one_is_not_installed_without_the_words_that_accept_it()
    {
        using var elsewhere = new PluginsFolder();
        _ana.Dispose();
        await _app.DisposeAsync();
        _app = await TestApp.StartAsync(connected: false, settings: [new("CALANGO_PLUGINS", elsewhere.Path)]);
        _ana = _app.Visit();
        var asked = await UploadAsync("1.0.0");
        Assert.Contains("This server cannot run it apart", asked.Body!.TextContent, StringComparison.Ordinal);
        using var refused = await _ana.TryPostAsync("/admin/plugins/installation", Cancelled, Hidden(asked));

        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Contains("in so many words", await refused.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
        Assert.Null(await CardAsync());
    }

    [Fact]
    public async Task What_is_no_package_is_refused_with_its_reason()
    {
        using var response = await TryUploadAsync([1, 2, 3]);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("it is not even a zip", await response.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
    }

    [Fact]
    public void Whatever_is_set_up_for_the_whole_server_is_for_administrators()
    {
        string[] folders = ["admin", "plugins", "models/connections", "models/local", "server", "tool-servers"];
        var endpoints = _app.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => Array.Exists(folders, folder => endpoint.RoutePattern.RawText!.TrimStart('/').StartsWith(folder, StringComparison.OrdinalIgnoreCase))).ToList();

        Assert.NotEmpty(endpoints);
        Assert.All(endpoints, endpoint => Assert.Contains(endpoint.Metadata.OfType<IAuthorizeData>(), data => data.Policy == "Admin"));
    }

    private async Task<IHtmlDocument> UploadAsync(string version, Func<string, string>? change = null)
    {
        var package = _packages.Pack(version, change: manifest => (change ?? (text => text))(manifest.Replace("\"id\": \"echo\"", $"\"id\": \"{Id}\"", StringComparison.Ordinal)));
        using var response = await TryUploadAsync(await File.ReadAllBytesAsync(package, Cancelled));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await new HtmlParser().ParseDocumentAsync(await response.Content.ReadAsStringAsync(Cancelled), Cancelled);
    }

    private async Task<HttpResponseMessage> TryUploadAsync(byte[] package)
    {
        using var form = new MultipartFormDataContent { { new ByteArrayContent(package), "package", "plugin.cpk" } };
        return await _ana.TryPostAsync("/admin/plugins/inspection", form, Cancelled);
    }

    private Task<IHtmlDocument> ConsentAsync(IHtmlDocument asked) => _ana.PostAsync("/admin/plugins/installation", Cancelled, [.. Hidden(asked), ("AcceptsInProcess", "true")]);

    private static (string Name, string Value)[] Hidden(IHtmlDocument asked) =>
        [.. asked.QuerySelectorAll("#plugin-consent input[name=Digest], #plugin-consent input[name=Level]").Select(input => (input.GetAttribute("name")!, input.GetAttribute("value")!))];

    private async Task AssertDoneAsync(IHtmlDocument operation, string kind)
    {
        var path = _ana.Path;
        await Eventually.HoldsAsync($"{kind} has ended", async () => !(operation = await _ana.GetAsync(path, Cancelled)).QuerySelector(".card__head .badge")!.TextContent.Contains("Running", StringComparison.Ordinal), Cancelled);
        Assert.Contains("Done", operation.QuerySelector(".card__head .badge")!.TextContent, StringComparison.Ordinal);
    }

    private async Task<string?> VersionAsync() => (await CardAsync())?.QuerySelector("small")!.TextContent.Trim();

    private async Task<AngleSharp.Dom.IElement?> CardAsync() => (await _ana.GetAsync("/admin/plugins", Cancelled)).QuerySelector($"#plugin-{Id}");
}
