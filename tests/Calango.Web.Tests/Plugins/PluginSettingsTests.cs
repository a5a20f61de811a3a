using System.Net;
using System.Text;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Calango.Tests.Fixtures;

namespace Calango.Web.Tests.Plugins;

/// <summary>An administrator finds the settings of a plugin from its card, and an update that changes them says so and loses nothing.</summary>
public sealed class PluginSettingsTests
{
    private const string Id = "lizard";

    private static CancellationToken TestEnd => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_plugins_card_leads_to_its_settings_whatever_it_is()
    {
        await using var app = await TestApp.StartAsync();
        using var ana = app.Visit();
        foreach (var (plugin, place) in new[] { ("langfuse", "/plugins/langfuse"), ("s3-storage", "/admin/storage"), ("tools", "/tool-servers/") })
        {
            Assert.Contains("name=\"Values[", (await OpenAsync(plugin)).DocumentElement.OuterHtml, StringComparison.Ordinal);
            Assert.StartsWith(place, ana.Path, StringComparison.Ordinal);
        }

        await ana.PostAsync("/tool-servers/new/mcp", TestEnd, ("Name", "Everything"), ("Values[transport]", "http"), ("Values[address]", "http://one.invalid/mcp"));
        foreach (var (plugin, names) in new[] { ("mcp", new[] { "Everything", "Add a server of Model Context Protocol" }), ("openai-compatible", ["Scripted", "Add a connection"]) })
        {
            var links = (await OpenAsync(plugin)).QuerySelectorAll(".page .rows a").ToList();
            Assert.Equal(names, links.Select(link => link.TextContent));
            foreach (var link in links)
            {
                Assert.Contains("name=\"Values[address]\"", (await ana.GetAsync(link.GetAttribute("href")!, TestEnd)).DocumentElement.OuterHtml, StringComparison.Ordinal);
            }
        }

        async Task<IHtmlDocument> OpenAsync(string plugin)
        {
            var card = (await ana.GetAsync("/admin/plugins", TestEnd)).QuerySelector($"#plugin-{plugin}")!;
            return await ana.GetAsync(card.QuerySelector("a[href$='/settings']")!.GetAttribute("href")!, TestEnd);
        }
    }

    [EachDatabase]
    public async Task An_update_says_which_settings_come_go_and_change_and_what_is_stored_stays_until_it_is_entered_anew(DatabaseKind kind)
    {
        using var packages = new PluginPackages();
        await using var app = await TestApp.StartAsync(kind, connected: false);
        using var ana = app.Visit();
        await InstallAsync(await LookAsync("1.0.0"), "Install");
        await ana.PostAsync("/models/connections/new", TestEnd, ("ProviderId", "echo"), ("Name", "Slow"), ("Values[pace]", "250"),
            ("FirstTokenSeconds", "60"), ("BetweenTokensSeconds", "60"), ("WholeTurnSeconds", "600"));

        var narrower = await LookAsync("1.1.0", Pair(10_000d, 5d));
        Assert.Contains("Changed: setting pace: a number", narrower.QuerySelector("#plugin-consent")!.TextContent, StringComparison.Ordinal);
        Assert.Contains("What is stored for pace of “Slow” does not fit this version.", narrower.QuerySelector("[data-misfit]")!.TextContent, StringComparison.Ordinal);
        Assert.Null((await CardAsync()).QuerySelector("[data-misfit]"));
        await InstallAsync(narrower, "Update");
        var misfit = (await CardAsync()).QuerySelector("[data-misfit]")!;
        Assert.Contains("pace of “Slow”", misfit.TextContent, StringComparison.Ordinal);
        var form = await ana.GetAsync(misfit.QuerySelector("a")!.GetAttribute("href")!, TestEnd);
        Assert.Equal("This number is too small or too large.", form.QuerySelector("#setting-pace-error")!.TextContent);
        Assert.Equal("250", form.QuerySelector("#setting-pace")!.GetAttribute("value"));

        await EndedAsync(await ana.PostAsync($"/admin/plugins/{Id}/rollback", TestEnd), "RollBack");
        Assert.Null((await CardAsync()).QuerySelector("[data-misfit]"));
        form = await ana.GetAsync(misfit.QuerySelector("a")!.GetAttribute("href")!, TestEnd);
        Assert.Null(form.QuerySelector("#setting-pace-error"));
        Assert.Equal("250", form.QuerySelector("#setting-pace")!.GetAttribute("value"));

        var renamed = await LookAsync("1.2.0", (Encoding.UTF8.GetBytes("Pace"), Encoding.UTF8.GetBytes("Hops")));
        Assert.Contains("New: setting hops: a number", renamed.QuerySelector("#plugin-consent")!.TextContent, StringComparison.Ordinal);
        Assert.Contains("No longer: setting pace: a number", renamed.QuerySelector("#plugin-consent")!.TextContent, StringComparison.Ordinal);
        Assert.Contains("stays until somebody saves", renamed.QuerySelector("#plugin-consent")!.TextContent, StringComparison.Ordinal);

        async Task<IHtmlDocument> LookAsync(string version, params (byte[] From, byte[] To)[] changes)
        {
            using var plugins = new PluginsFolder();
            var folder = plugins.CopyBuilt("echo", version);
            Change(Path.Combine(folder, "plugin.json"), [(Encoding.UTF8.GetBytes("\"id\": \"echo\""), Encoding.UTF8.GetBytes($"\"id\": \"{Id}\""))]);
            Change(Path.Combine(folder, "Calango.Plugins.Echo.dll"), changes);
            using var package = new MultipartFormDataContent { { new ByteArrayContent(await File.ReadAllBytesAsync(packages.PackFolder(folder, version), TestEnd)), "package", "plugin.cpk" } };
            using var response = await ana.TryPostAsync("/admin/plugins/inspection", package, TestEnd);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            return await new HtmlParser().ParseDocumentAsync(await response.Content.ReadAsStringAsync(TestEnd), TestEnd);
        }

        async Task InstallAsync(IHtmlDocument asked, string operation) => await EndedAsync(
            await ana.PostAsync("/admin/plugins/installation", TestEnd,
                [.. asked.QuerySelectorAll("#plugin-consent input[name=Digest], #plugin-consent input[name=Level]").Select(input => (input.GetAttribute("name")!, input.GetAttribute("value")!)), ("AcceptsInProcess", "true")]),
            operation);

        async Task EndedAsync(IHtmlDocument operation, string what)
        {
            var path = ana.Path;
            await Eventually.HoldsAsync($"{what} has ended", async () => !Badge(operation = await ana.GetAsync(path, TestEnd)).Contains("Running", StringComparison.Ordinal), TestEnd);
            Assert.Contains("Done", Badge(operation), StringComparison.Ordinal);
        }

        async Task<IElement> CardAsync() => (await ana.GetAsync("/admin/plugins", TestEnd)).QuerySelector($"#plugin-{Id}")!;
    }

    private static string Badge(IHtmlDocument operation) => operation.QuerySelector(".card__head .badge")!.TextContent;

    private static (byte[] From, byte[] To) Pair(double from, double to) => (BitConverter.GetBytes(from), BitConverter.GetBytes(to));

    // A version of its own of what the compiler wrote: of the same length, so that nothing else moves.
    private static void Change(string file, (byte[] From, byte[] To)[] changes)
    {
        var text = Encoding.Latin1.GetString(File.ReadAllBytes(file));
        foreach (var (from, to) in changes)
        {
            Assert.Contains(Encoding.Latin1.GetString(from), text, StringComparison.Ordinal);
            text = text.Replace(Encoding.Latin1.GetString(from), Encoding.Latin1.GetString(to), StringComparison.Ordinal);
        }

        File.WriteAllBytes(file, Encoding.Latin1.GetBytes(text));
    }
}
