using System.Net;
using Calango.Core.Plugins;
using Calango.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;

namespace Calango.Web.Tests.Plugins;

/// <summary>An administrator says whom to trust, in pages that need no scripts.</summary>
public sealed class PublisherPagesTests : CatalogPagesTestBase
{
    [Fact]
    public async Task A_publisher_is_trusted_from_the_consent_and_no_longer_from_the_list()
    {
        Pack("1.0.0");
        var asked = await LookAtAsync($"{Site.Address}{Id}-1.0.0.cpk");
        Assert.Contains("this server does not know the key", asked.Body!.TextContent, StringComparison.Ordinal);
        Assert.Equal(Packages.Key.Id, asked.QuerySelector("#plugin-trust .fingerprint")!.TextContent.Replace(" ", "", StringComparison.Ordinal));

        asked = await SubmitAsync(asked.QuerySelector("#plugin-trust")!);
        Assert.Contains("whose key this server trusts", asked.Body!.TextContent, StringComparison.Ordinal);
        Assert.Null(asked.QuerySelector("#plugin-trust"));
        await InstallAsync(asked);
        Assert.Contains("signed and trusted", (await CardAsync())!.TextContent, StringComparison.Ordinal);

        var publishers = await Ana.GetAsync("/admin/plugins/publishers", Cancelled);
        Assert.Equal(PluginPackages.Publisher, publishers.QuerySelector(".card__title")!.TextContent);
        publishers = await Ana.PostAsync($"/admin/plugins/publishers/{Packages.Key.Id}", Cancelled, ("_method", "DELETE"));
        Assert.Contains("No publisher is trusted.", publishers.Body!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_publisher_is_entered_with_a_key_in_either_form_and_a_wrong_one_is_said()
    {
        var pem = $"-----BEGIN PUBLIC KEY-----\n{Packages.Key.PublicKey}\n-----END PUBLIC KEY-----";
        foreach (var key in new[] { Packages.Key.PublicKey, pem })
        {
            var page = await Ana.PostAsync("/admin/plugins/publishers", Cancelled, ("name", "Ana's Plugins"), ("key", key));
            Assert.Equal(Packages.Key.Id, Assert.Single(page.QuerySelectorAll(".card .fingerprint")).TextContent.Replace(" ", "", StringComparison.Ordinal));
        }

        foreach (var (name, key) in new[] { ("Ana", "no key"), ("Ana", Packages.Key.ExportPrivatePem().Replace("PRIVATE", "SECRET", StringComparison.Ordinal)), ("", Packages.Key.PublicKey) })
        {
            using var refused = await Ana.TryPostAsync("/admin/plugins/publishers", Cancelled, ("name", name), ("key", key));
            Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
            Assert.NotNull((await ReadAsync(refused)).QuerySelector(".field__error"));
        }
    }

    [Fact]
    public async Task What_a_catalog_took_back_is_listed_and_allowed_again()
    {
        await AddAsync();
        var offer = await Ana.GetAsync((await Ana.GetAsync("/admin/plugins/catalogs", Cancelled)).QuerySelector("#offers a")!.GetAttribute("href")!, Cancelled);
        await InstallAsync(await SubmitAsync(offer.QuerySelector(".card form")!));
        CatalogWriter.Write(Packages.Folder, [Packages.Key.Id]);
        await Ana.PostAsync(CatalogPath(await Ana.GetAsync("/admin/plugins/catalogs", Cancelled)), Cancelled);
        Assert.Contains("Its publisher took it back", (await CardAsync())!.TextContent, StringComparison.Ordinal);

        var publishers = await Ana.GetAsync("/admin/plugins/publishers", Cancelled);
        var digest = publishers.QuerySelector(".rows .fingerprint")!.TextContent.Replace(" ", "", StringComparison.Ordinal);
        publishers = await Ana.PostAsync($"/admin/plugins/revocations/{digest}", Cancelled, ("_method", "DELETE"));
        Assert.Null(publishers.QuerySelector(".rows .fingerprint"));
        await Ana.PostAsync(CatalogPath(await Ana.GetAsync("/admin/plugins/catalogs", Cancelled)), Cancelled);
        Assert.DoesNotContain("Its publisher took it back", (await CardAsync())!.TextContent, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/admin/plugins/catalogs", "place")]
    [InlineData("/admin/plugins/inspection", "address")]
    [InlineData("/admin/plugins/publishers", "key")]
    public async Task F05_a_form_of_another_site_changes_nothing(string path, string field)
    {
        await Ana.GetAsync("/admin/plugins", Cancelled);
        using var forged = await Ana.Http.PostAsync(path, new FormUrlEncodedContent([KeyValuePair.Create(field, Packages.Key.PublicKey), KeyValuePair.Create("name", "Eve")]), Cancelled);

        Assert.Equal(HttpStatusCode.BadRequest, forged.StatusCode);
        Assert.Empty(App.Services.GetRequiredService<PluginTrust>().Publishers);
    }
}
