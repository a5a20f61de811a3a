using System.Text.Json.Nodes;
using Calango.Core.Plugins;
using Calango.Tests.Fixtures;

namespace Calango.Core.Tests.Plugins;

/// <summary>A catalog that is away, cut off, older than it was or hostile changes nothing, and says so.</summary>
public sealed class PluginCatalogsTests : CatalogTestBase
{
    [Fact]
    public async Task A_plugin_is_installed_from_a_catalog_and_its_newer_version_is_told_of()
    {
        var catalog = await AddAsync();
        await InstallAsync(catalog, "1.0.0");
        Assert.Empty(Catalogs.UpdatesOf(Installer.Plugins));

        Packages.Pack("1.10.0", change: text => text.Replace("\"Echo\"", "\"Echo\", \"changes\": \"Louder.\"", StringComparison.Ordinal));
        Packages.Pack("1.9.0");
        Packages.Pack("2.0.0-beta.1");
        Packages.Pack("3.0.0", change: text => text.Replace("[1.0,2.0)", "[7.0,8.0)", StringComparison.Ordinal));
        await RewriteAsync();

        var versions = Assert.Single(Catalogs.Find(catalog.Id)!.Index.Plugins).Versions;
        Assert.Equal([("3.0.0", false), ("2.0.0-beta.1", true), ("1.10.0", true), ("1.9.0", true), ("1.0.0", true)], versions.Select(version => (version.Version, version.FitsHere)));
        Assert.Equal("Louder.", versions[2].Changes);
        Assert.Equal(["model-provider"], versions[2].Provides);
        Assert.Equal("1.10.0", Catalogs.UpdatesOf(Installer.Plugins)["echo"].Version.Version);
        await InstallAsync(catalog, "1.10.0");
        Assert.Empty(Catalogs.UpdatesOf(Installer.Plugins));
    }

    [Fact]
    public async Task Another_publishers_version_is_no_update()
    {
        var catalog = await AddAsync();
        await InstallAsync(catalog, "1.0.0");
        Packages.Pack("1.1.0", signed: false);
        await RewriteAsync();

        Assert.Empty(Catalogs.UpdatesOf(Installer.Plugins));
    }

    [Fact]
    public async Task A_catalog_that_is_away_or_cut_off_keeps_what_was_known_of_it()
    {
        var catalog = await AddAsync();
        var whole = await File.ReadAllTextAsync(Index, Cancelled);

        await File.WriteAllTextAsync(Index, whole[..(whole.Length / 2)], Cancelled);
        await AssertRefusedAsync("plugin.catalog.form", () => Catalogs.RefreshAsync(catalog.Id, Cancelled));
        await File.WriteAllBytesAsync(Index, new byte[(8 << 20) + 1], Cancelled);
        await AssertRefusedAsync("plugin.catalog.tooBig", () => Catalogs.RefreshAsync(catalog.Id, Cancelled));
        File.Delete(Index);
        await AssertRefusedAsync("plugin.catalog.down", () => Catalogs.RefreshAsync(catalog.Id, Cancelled));

        var kept = Assert.Single(Catalogs.All);
        Assert.Equal((catalog.Index.Serial, "plugin.catalog.down"), (kept.Index.Serial, kept.Failure!.Code));
        await File.WriteAllTextAsync(Index, whole, Cancelled);
        await Catalogs.RefreshAsync(catalog.Id, Cancelled);
        Assert.Null(Catalogs.Find(catalog.Id)!.Failure);
    }

    [Fact]
    public async Task A_catalog_that_is_older_than_it_was_is_refused()
    {
        await AddAsync();
        var old = await File.ReadAllBytesAsync(Index, Cancelled);
        await RewriteAsync(Packages.Key.Id);

        await File.WriteAllBytesAsync(Index, old, Cancelled);
        await AssertRefusedAsync("plugin.catalog.serial", () => Catalogs.RefreshAsync(Catalogs.All[0].Id, Cancelled));
        Assert.Equal(2, Assert.Single(Catalogs.All).Index.Serial);
    }

    [Fact]
    public async Task An_index_that_changes_without_a_new_serial_is_refused()
    {
        var catalog = await AddAsync();
        await ChangeIndexAsync(index => index["revoked"] = new JsonArray(new string('a', 64)));

        await AssertRefusedAsync("plugin.catalog.sameSerial", () => Catalogs.RefreshAsync(catalog.Id, Cancelled));
        Assert.Empty(Catalogs.Find(catalog.Id)!.Index.Revoked);
    }

    [Fact]
    public async Task A_package_that_is_half_there_or_another_is_refused()
    {
        var catalog = await AddAsync();
        var package = Path.Combine(Packages.Folder, "echo-1.0.0.cpk");
        var whole = await File.ReadAllBytesAsync(package, Cancelled);

        await File.WriteAllBytesAsync(package, whole[..(whole.Length / 2)], Cancelled);
        await AssertRefusedAsync("plugin.catalog.half", () => InspectAsync(catalog, "1.0.0"));
        whole[500] ^= 1;
        await File.WriteAllBytesAsync(package, whole, Cancelled);
        await AssertRefusedAsync("plugin.catalog.other", () => InspectAsync(catalog, "1.0.0"));
        File.Delete(package);
        await AssertRefusedAsync("plugin.catalog.noPackage", () => InspectAsync(catalog, "1.0.0"));
        await AssertRefusedAsync("plugin.catalog.notListed", () => InspectAsync(catalog, "9.0.0"));
        Assert.Empty(Directory.GetFiles(Path.Combine(Kernel.Folder, "plugins", ".staging")));
    }

    [Fact]
    public async Task A_catalog_that_lists_a_package_under_another_plugins_name_is_found_out()
    {
        Packages.Pack("1.0.0");
        CatalogWriter.Write(Packages.Folder, []);
        await ChangeIndexAsync(index => index["plugins"]![0]!["id"] = "calculator");
        var catalog = await Catalogs.AddAsync(Packages.Folder, Cancelled);

        await AssertRefusedAsync("plugin.catalog.other", () => Installer.InspectOfCatalogAsync(catalog.Id, "calculator", "1.0.0", Cancelled));
    }

    [Fact]
    public async Task A_catalog_is_added_once_however_its_folder_is_written()
    {
        await AddAsync();
        await AssertRefusedAsync("plugin.catalog.known", () => Catalogs.AddAsync(Packages.Folder + "/index.json", Cancelled));
    }

    [Fact]
    public async Task Catalogs_are_read_again_once_a_day_and_one_that_fails_stops_none()
    {
        var away = TestFolders.NewTemporary("catalog");
        File.Copy(Packages.Pack("1.0.0"), Path.Combine(away, "echo.cpk"));
        CatalogWriter.Write(away, []);
        await Catalogs.AddAsync(away, Cancelled);
        var catalog = await AddAsync();
        TestFolders.Delete(away);
        Packages.Pack("1.1.0");
        CatalogWriter.Write(Packages.Folder, []);

        await Catalogs.RefreshDueAsync(Cancelled);
        Assert.Equal(1, Catalogs.Find(catalog.Id)!.Index.Serial);
        Clock.Advance(TimeSpan.FromDays(1));
        await Catalogs.RefreshDueAsync(Cancelled);

        Assert.Equal(2, Catalogs.Find(catalog.Id)!.Index.Serial);
        Assert.Equal("plugin.catalog.down", Catalogs.All.Single(other => other.Id != catalog.Id).Failure!.Code);
    }
}
