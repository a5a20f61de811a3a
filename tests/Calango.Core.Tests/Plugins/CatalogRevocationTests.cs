using Calango.Core.Errors;
using Calango.Core.Plugins;
using Calango.Tests.Fixtures;

namespace Calango.Core.Tests.Plugins;

/// <summary>What a catalog may take back, and who has the last word.</summary>
public sealed class CatalogRevocationTests : CatalogTestBase
{
    [Fact]
    public async Task What_a_catalog_takes_back_is_refused_and_what_came_from_it_is_shown_as_taken_back()
    {
        var catalog = await AddAsync();
        await InstallAsync(catalog, "1.0.0");
        Packages.Pack("1.1.0");
        await RewriteAsync(Packages.Key.Id);

        Assert.True(Assert.Single(Installer.Plugins).IsRevoked);
        Assert.Empty(Catalogs.UpdatesOf(Installer.Plugins));
        await AssertRefusedAsync("plugin.revoked.package", () => InspectAsync(catalog, "1.1.0"));
        await AssertRefusedAsync("plugin.revoked.package", () => InspectFileAsync("echo-1.0.0.cpk"));

        Catalogs.Remove(catalog.Id);
        Assert.Empty(Catalogs.All);
        await Kernel.RestartAsync();
        Assert.NotEqual(PluginState.Active, Assert.Single(Installer.Plugins).Status?.State);
    }

    [Fact]
    public async Task A_hostile_catalog_takes_back_nothing_that_did_not_come_from_it()
    {
        var package = Packages.Pack("1.0.0");
        Kernel.Get<PluginTrust>().Add(PluginPackages.Publisher, Packages.Key.PublicKey);
        PackageInspection inspected;
        await using (var content = File.OpenRead(package))
        {
            inspected = await Installer.InspectAsync(content, Cancelled);
        }

        await EndAsync(Installer.Install(new PluginConsent(inspected.Digest, inspected.Level)));
        // It even offers the very package.
        CatalogWriter.Write(Packages.Folder, [Packages.Key.Id, inspected.Digest]);
        var catalog = await Catalogs.AddAsync(Packages.Folder, Cancelled);
        await Catalogs.RefreshAsync(catalog.Id, Cancelled);

        Assert.Empty(Kernel.Get<PluginTrust>().Revoked);
        Assert.Single(Kernel.Get<PluginTrust>().Publishers);
        Assert.False(Assert.Single(Installer.Plugins).IsRevoked);
        await AssertRefusedAsync("plugin.revoked.package", () => InspectAsync(catalog, "1.0.0"));
    }

    [Fact]
    public async Task A_key_that_a_catalog_takes_back_takes_nothing_along_that_came_from_elsewhere()
    {
        Kernel.Get<PluginTrust>().Add(PluginPackages.Publisher, Packages.Key.PublicKey);
        Packages.Pack("1.0.0", "tools");
        var byHand = await InspectFileAsync("tools-1.0.0.cpk");
        await EndAsync(Installer.Install(new PluginConsent(byHand.Digest, byHand.Level)));
        var catalog = await AddAsync();
        await InstallAsync(catalog, "1.0.0");

        await RewriteAsync(Packages.Key.Id);

        Assert.Equal([("echo", true), ("tools", false)], Installer.Plugins.Select(plugin => (plugin.Id, plugin.IsRevoked)));
        Assert.Single(Kernel.Get<PluginTrust>().Publishers);
        Packages.Pack("1.1.0");
        Assert.Equal("1.1.0", (await InspectFileAsync("echo-1.1.0.cpk")).Manifest.Version);
        await Kernel.RestartAsync();
        Assert.Equal([("echo", false), ("tools", true)], Installer.Plugins.Select(plugin => (plugin.Id, plugin.Status?.State == PluginState.Active)));
    }

    [Fact]
    public async Task What_an_administrator_has_allowed_again_no_catalog_takes_back_a_second_time()
    {
        var catalog = await AddAsync();
        await InstallAsync(catalog, "1.0.0");
        await RewriteAsync(Packages.Key.Id);
        var taken = Assert.Single(Kernel.Get<PluginTrust>().Revoked);

        Kernel.Get<PluginTrust>().Restore(taken);
        await RewriteAsync(new string('a', 64));

        Assert.Empty(Kernel.Get<PluginTrust>().Revoked);
        Assert.False(Assert.Single(Installer.Plugins).IsRevoked);
        await Kernel.RestartAsync();
        Assert.Equal(PluginState.Active, Assert.Single(Installer.Plugins).Status?.State);
        Assert.Throws<NotFoundException>(() => Kernel.Get<PluginTrust>().Restore(taken));
    }

    private async Task<PackageInspection> InspectFileAsync(string name)
    {
        await using var content = File.OpenRead(Path.Combine(Packages.Folder, name));
        return await Installer.InspectAsync(content, Cancelled);
    }
}
