using Calango.Core.Plugins;

namespace Calango.Web.Tests.Plugins;

/// <summary>An administrator finds plugins in catalogs and at addresses, and says whom to trust, in pages that need no scripts.</summary>
public sealed class CatalogPagesTests : CatalogPagesTestBase
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_plugin_is_found_in_a_catalog_installed_and_updated(bool overHttp)
    {
        Pack("1.0.0", manifest => manifest.Replace("\"capabilities\": {}", "\"capabilities\": {\"network\": [\"example.com\"]}, \"changes\": \"It shouts.\"", StringComparison.Ordinal));
        Pack("9.0.0", manifest => manifest.Replace("[1.0,2.0)", "[7.0,8.0)", StringComparison.Ordinal));
        CatalogWriter.Write(Packages.Folder, []);
        var catalogs = await Ana.PostAsync("/admin/plugins/catalogs", Cancelled, ("place", overHttp ? Site.Address.ToString() : Packages.Folder));
        Assert.Equal("Ana's Plugins · 1.0.0", catalogs.QuerySelector("#offers .row__facts")!.TextContent.Trim());
        Assert.Empty((await Ana.GetAsync("/admin/plugins/catalogs?q=gecko", Cancelled)).QuerySelectorAll("#offers .row"));
        Assert.Single((await Ana.GetAsync("/admin/plugins/catalogs?q=LIZ", Cancelled)).QuerySelectorAll("#offers .row"));

        var offer = await Ana.GetAsync(catalogs.QuerySelector("#offers a")!.GetAttribute("href")!, Cancelled);
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
        CatalogWriter.Write(Packages.Folder, []);
        await Ana.PostAsync(CatalogPath(await Ana.GetAsync("/admin/plugins/catalogs", Cancelled)), Cancelled);
        var card = (await Ana.GetAsync("/admin/plugins", Cancelled)).QuerySelector($"#plugin-{Id}")!;
        Assert.Contains("Version 1.1.0 is in a catalog.", card.TextContent, StringComparison.Ordinal);
        await InstallAsync(await SubmitAsync(card.QuerySelector("form")!));
        Assert.Equal("1.1.0", await VersionAsync());
    }

    [Fact]
    public async Task A_catalog_that_went_away_says_why_and_still_shows_what_was_known()
    {
        await AddAsync();
        File.WriteAllText(Path.Combine(Packages.Folder, "index.json"), "{");

        var page = await Ana.PostAsync(CatalogPath(await Ana.GetAsync("/admin/plugins/catalogs", Cancelled)), Cancelled);

        Assert.Contains("Its index.json is not one", page.QuerySelector(".notice-line")!.TextContent, StringComparison.Ordinal);
        Assert.Single(page.QuerySelectorAll("#offers .row"));

        page = await Ana.PostAsync(CatalogPath(page), Cancelled, ("_method", "DELETE"));
        Assert.Empty(page.QuerySelectorAll("#offers .row"));
    }

    [Fact]
    public async Task The_disabling_of_a_plugin_of_the_server_names_its_version()
    {
        var operation = await Ana.PostAsync("/admin/plugins/tools/service", Cancelled, ("_method", "DELETE"));
        Assert.Equal("tools 1.0.0", operation.QuerySelector(".card__title")!.TextContent.Trim());
    }
}
