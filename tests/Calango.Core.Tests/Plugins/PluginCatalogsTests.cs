using System.Text.Json.Nodes;
using Calango.Core.Errors;
using Calango.Core.Plugins;
using Calango.Tests.Fixtures;
using Calango.Tests.Support;

namespace Calango.Core.Tests.Plugins;

/// <summary>A catalog that is away, cut off, older than it was or hostile changes nothing, and says so.</summary>
public sealed class PluginCatalogsTests : IAsyncLifetime
{
    private readonly PluginPackages _packages = new();
    private readonly PluginsFolder _builtIn = new();
    private readonly ManualTime _clock = new();
    private TestKernel _kernel = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private PluginCatalogs Catalogs => _kernel.Get<PluginCatalogs>();

    private PluginInstaller Installer => _kernel.Get<PluginInstaller>();

    private string Index => Path.Combine(_packages.Folder, "index.json");

    public async ValueTask InitializeAsync() => _kernel = await TestKernel.StartAsync(plugins: _builtIn.Path, clock: _clock);

    public async ValueTask DisposeAsync()
    {
        await _kernel.DisposeAsync();
        _builtIn.Dispose();
        _packages.Dispose();
    }

    [Fact]
    public async Task A_plugin_is_installed_from_a_catalog_and_its_newer_version_is_told_of()
    {
        var catalog = await AddAsync();
        await InstallAsync(catalog, "1.0.0");
        Assert.Empty(Catalogs.UpdatesOf(Installer.Plugins));

        _packages.Pack("1.10.0", change: text => text.Replace("\"Echo\"", "\"Echo\", \"changes\": \"Louder.\"", StringComparison.Ordinal));
        _packages.Pack("1.9.0");
        _packages.Pack("2.0.0-beta.1");
        _packages.Pack("3.0.0", change: text => text.Replace("[1.0,2.0)", "[7.0,8.0)", StringComparison.Ordinal));
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
        _packages.Pack("1.1.0", signed: false);
        await RewriteAsync();

        Assert.Empty(Catalogs.UpdatesOf(Installer.Plugins));
    }

    [Fact]
    public void The_serial_grows_with_each_change_and_only_then()
    {
        _packages.Pack("1.0.0");
        Assert.Equal([1, 1], new[] { CatalogWriter.Write(_packages.Folder, []).Serial, CatalogWriter.Write(_packages.Folder, []).Serial });
        Assert.Equal(2, CatalogWriter.Write(_packages.Folder, [_packages.Key.Id]).Serial);
        Assert.Equal([_packages.Key.Id], CatalogWriter.Write(_packages.Folder, []).Revoked);
    }

    [Fact]
    public void Two_packages_of_one_version_are_no_catalog()
    {
        var package = _packages.Pack("1.0.0");
        File.Copy(package, Path.Combine(_packages.Folder, "copy.cpk"));

        var refused = Assert.Throws<RejectedException>(() => CatalogWriter.Write(_packages.Folder, []));
        Assert.Equal("plugin.catalog.twins", refused.Code);
        Assert.Contains(("other", "echo-1.0.0.cpk"), refused.Arguments);
        Assert.False(File.Exists(Index));
    }

    [Fact]
    public void What_is_neither_a_key_nor_a_digest_is_not_taken_back() =>
        Assert.Equal("plugin.catalog.revoke", Assert.Throws<RejectedException>(() => CatalogWriter.Write(_packages.Folder, ["abc"])).Code);

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
        await RewriteAsync(_packages.Key.Id);

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
        var package = Path.Combine(_packages.Folder, "echo-1.0.0.cpk");
        var whole = await File.ReadAllBytesAsync(package, Cancelled);

        await File.WriteAllBytesAsync(package, whole[..(whole.Length / 2)], Cancelled);
        await AssertRefusedAsync("plugin.catalog.half", () => InspectAsync(catalog, "1.0.0"));
        whole[500] ^= 1;
        await File.WriteAllBytesAsync(package, whole, Cancelled);
        await AssertRefusedAsync("plugin.catalog.other", () => InspectAsync(catalog, "1.0.0"));
        File.Delete(package);
        await AssertRefusedAsync("plugin.catalog.noPackage", () => InspectAsync(catalog, "1.0.0"));
        await AssertRefusedAsync("plugin.catalog.notListed", () => InspectAsync(catalog, "9.0.0"));
        Assert.Empty(Directory.GetFiles(Path.Combine(_kernel.Folder, "plugins", ".staging")));
    }

    [Fact]
    public async Task A_catalog_that_lists_a_package_under_another_plugins_name_is_found_out()
    {
        _packages.Pack("1.0.0");
        CatalogWriter.Write(_packages.Folder, []);
        await ChangeIndexAsync(index => index["plugins"]![0]!["id"] = "calculator");
        var catalog = await Catalogs.AddAsync(_packages.Folder, Cancelled);

        await AssertRefusedAsync("plugin.catalog.other", () => Installer.InspectOfCatalogAsync(catalog.Id, "calculator", "1.0.0", Cancelled));
    }

    [Fact]
    public async Task What_a_catalog_takes_back_is_refused_and_what_came_from_it_is_shown_as_taken_back()
    {
        var catalog = await AddAsync();
        await InstallAsync(catalog, "1.0.0");
        _packages.Pack("1.1.0");
        await RewriteAsync(_packages.Key.Id);

        Assert.True(Assert.Single(Installer.Plugins).IsRevoked);
        Assert.Empty(Catalogs.UpdatesOf(Installer.Plugins));
        await AssertRefusedAsync("plugin.revoked.package", () => InspectAsync(catalog, "1.1.0"));
        await using (var elsewhere = File.OpenRead(Path.Combine(_packages.Folder, "echo-1.1.0.cpk")))
        {
            await AssertRefusedAsync("plugin.revoked.key", () => Installer.InspectAsync(elsewhere, Cancelled));
        }

        Catalogs.Remove(catalog.Id);
        Assert.Empty(Catalogs.All);
        await _kernel.RestartAsync();
        Assert.NotEqual(PluginState.Active, Assert.Single(Installer.Plugins).Status?.State);
    }

    [Fact]
    public async Task A_hostile_catalog_takes_back_nothing_that_did_not_come_from_it()
    {
        var package = _packages.Pack("1.0.0");
        _kernel.Get<PluginTrust>().Add(PluginPackages.Publisher, _packages.Key.PublicKey);
        PackageInspection inspected;
        await using (var content = File.OpenRead(package))
        {
            inspected = await Installer.InspectAsync(content, Cancelled);
        }

        await EndAsync(Installer.Install(new PluginConsent(inspected.Digest, inspected.Level)));
        // It even offers the very package.
        CatalogWriter.Write(_packages.Folder, [_packages.Key.Id, inspected.Digest]);
        var catalog = await Catalogs.AddAsync(_packages.Folder, Cancelled);
        await Catalogs.RefreshAsync(catalog.Id, Cancelled);

        Assert.Empty(_kernel.Get<PluginTrust>().Revoked);
        Assert.Single(_kernel.Get<PluginTrust>().Publishers);
        Assert.False(Assert.Single(Installer.Plugins).IsRevoked);
        await AssertRefusedAsync("plugin.revoked.package", () => InspectAsync(catalog, "1.0.0"));
    }

    [Fact]
    public async Task What_was_taken_back_wrongly_is_allowed_again_by_an_administrator()
    {
        var catalog = await AddAsync();
        await InstallAsync(catalog, "1.0.0");
        await RewriteAsync(_packages.Key.Id);
        Catalogs.Remove(catalog.Id);

        _kernel.Get<PluginTrust>().Restore(_packages.Key.Id);

        Assert.False(Assert.Single(Installer.Plugins).IsRevoked);
        Assert.Throws<NotFoundException>(() => _kernel.Get<PluginTrust>().Restore(_packages.Key.Id));
    }

    [Theory]
    [InlineData("../echo-1.0.0.cpk")]
    [InlineData("sub/echo-1.0.0.cpk")]
    [InlineData("/etc/passwd.cpk")]
    [InlineData("https://example.com/echo-1.0.0.cpk")]
    [InlineData("//127.0.0.1/echo.cpk")]
    [InlineData("..%2fecho.cpk")]
    [InlineData("plugin.zip")]
    public async Task A_catalog_names_no_file_that_is_not_beside_it(string file)
    {
        _packages.Pack("1.0.0");
        CatalogWriter.Write(_packages.Folder, []);
        await ChangeIndexAsync(index => index["plugins"]![0]!["versions"]![0]!["file"] = file);
        await AssertRefusedAsync("plugin.catalog.form", () => Catalogs.AddAsync(_packages.Folder, Cancelled));
        Assert.Empty(Catalogs.All);
    }

    [Theory]
    [InlineData("$.schema", "2")]
    [InlineData("$.serial", "0")]
    [InlineData("$.revoked", "[\"all\"]")]
    [InlineData("$.plugins", "null")]
    [InlineData("$.plugins", "[null]")]
    [InlineData("$.revoked", "[null]")]
    [InlineData("versions", "[null]")]
    [InlineData("versions[0].capabilities", "{\"network\":[null]}")]
    [InlineData("$.surprise", "1")]
    [InlineData("id", "\"../echo\"")]
    [InlineData("name", "\"\"")]
    [InlineData("versions", "[]")]
    [InlineData("versions[0].version", "\"one\"")]
    [InlineData("versions[0].contract", "\"any\"")]
    [InlineData("versions[0].digest", "\"abc\"")]
    [InlineData("versions[0].length", "268435457")]
    [InlineData("versions[0].length", "-1")]
    public async Task An_index_that_is_wrong_anywhere_is_refused_whole(string where, string value)
    {
        _packages.Pack("1.0.0");
        CatalogWriter.Write(_packages.Folder, []);
        await ChangeIndexAsync(index =>
        {
            var (owner, name) = where.Split('.') switch
            {
                ["$", var top] => (index, top),
                [var _, var inner] => (index["plugins"]![0]!["versions"]![0]!, inner),
                [var own] => (index["plugins"]![0]!, own),
                _ => throw new InvalidOperationException(where),
            };
            owner[name] = JsonNode.Parse(value);
        });

        await AssertRefusedAsync("plugin.catalog.form", () => Catalogs.AddAsync(_packages.Folder, Cancelled));
    }

    [Theory]
    [InlineData("")]
    [InlineData("somewhere")]
    [InlineData("ftp://example.com")]
    [InlineData("file:///etc")]
    [InlineData("https://ana:secret@example.com")]
    [InlineData("https://example.com/?key=secret")]
    public Task What_is_no_place_is_refused(string place) => AssertRefusedAsync("plugin.catalog.place", () => Catalogs.AddAsync(place, Cancelled));

    [Fact]
    public async Task A_catalog_is_added_once_however_its_folder_is_written()
    {
        await AddAsync();
        await AssertRefusedAsync("plugin.catalog.known", () => Catalogs.AddAsync(_packages.Folder + "/index.json", Cancelled));
    }

    [Fact]
    public async Task Catalogs_are_read_again_once_a_day_and_one_that_fails_stops_none()
    {
        var away = TestFolders.NewTemporary("catalog");
        File.Copy(_packages.Pack("1.0.0"), Path.Combine(away, "echo.cpk"));
        CatalogWriter.Write(away, []);
        await Catalogs.AddAsync(away, Cancelled);
        var catalog = await AddAsync();
        TestFolders.Delete(away);
        _packages.Pack("1.1.0");
        CatalogWriter.Write(_packages.Folder, []);

        await Catalogs.RefreshDueAsync(Cancelled);
        Assert.Equal(1, Catalogs.Find(catalog.Id)!.Index.Serial);
        _clock.Advance(TimeSpan.FromDays(1));
        await Catalogs.RefreshDueAsync(Cancelled);

        Assert.Equal(2, Catalogs.Find(catalog.Id)!.Index.Serial);
        Assert.Equal("plugin.catalog.down", Catalogs.All.Single(other => other.Id != catalog.Id).Failure!.Code);
    }

    private Task<PluginCatalog> AddAsync()
    {
        _packages.Pack("1.0.0");
        CatalogWriter.Write(_packages.Folder, []);
        return Catalogs.AddAsync(_packages.Folder, Cancelled);
    }

    private async Task RewriteAsync(params string[] revokes)
    {
        CatalogWriter.Write(_packages.Folder, revokes);
        await Catalogs.RefreshAsync(Catalogs.All[0].Id, Cancelled);
    }

    private async Task ChangeIndexAsync(Action<JsonNode> change)
    {
        var index = JsonNode.Parse(await File.ReadAllTextAsync(Index, Cancelled))!;
        change(index);
        await File.WriteAllTextAsync(Index, index.ToJsonString(), Cancelled);
    }

    private Task<PackageInspection> InspectAsync(PluginCatalog catalog, string version) => Installer.InspectOfCatalogAsync(catalog.Id, "echo", version, Cancelled);

    private async Task InstallAsync(PluginCatalog catalog, string version)
    {
        var inspected = await InspectAsync(catalog, version);
        await EndAsync(Installer.Install(new PluginConsent(inspected.Digest, inspected.Level, AcceptsInProcess: true, catalog.Id)));
    }

    private async Task EndAsync(PluginOperation operation) => Assert.Equal(PluginOutcome.Done, (await Installer.EndOfAsync(operation.Id, Cancelled)).Outcome);

    private static async Task AssertRefusedAsync(string code, Func<Task> act) => Assert.Equal(code, (await Assert.ThrowsAsync<RejectedException>(act)).Code);
}
