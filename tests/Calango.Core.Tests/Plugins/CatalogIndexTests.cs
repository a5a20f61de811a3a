using System.Text.Json.Nodes;
using Calango.Core.Errors;
using Calango.Core.Plugins;

namespace Calango.Core.Tests.Plugins;

/// <summary>What an index is, and what is none.</summary>
public sealed class CatalogIndexTests : CatalogTestBase
{
    [Fact]
    public void The_serial_grows_with_each_change_and_only_then()
    {
        Packages.Pack("1.0.0");
        Assert.Equal([1, 1], new[] { CatalogWriter.Write(Packages.Folder, []).Serial, CatalogWriter.Write(Packages.Folder, []).Serial });
        Assert.Equal(2, CatalogWriter.Write(Packages.Folder, [Packages.Key.Id]).Serial);
        Assert.Equal([Packages.Key.Id], CatalogWriter.Write(Packages.Folder, []).Revoked);
    }

    [Fact]
    public void Two_packages_of_one_version_are_no_catalog()
    {
        var package = Packages.Pack("1.0.0");
        File.Copy(package, Path.Combine(Packages.Folder, "copy.cpk"));

        var refused = Assert.Throws<RejectedException>(() => CatalogWriter.Write(Packages.Folder, []));
        Assert.Equal("plugin.catalog.twins", refused.Code);
        Assert.Contains(("other", "echo-1.0.0.cpk"), refused.Arguments);
        Assert.False(File.Exists(Index));
    }

    [Fact]
    public void What_is_neither_a_key_nor_a_digest_is_not_taken_back() =>
        Assert.Equal("plugin.catalog.revoke", Assert.Throws<RejectedException>(() => CatalogWriter.Write(Packages.Folder, ["abc"])).Code);

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
        Packages.Pack("1.0.0");
        CatalogWriter.Write(Packages.Folder, []);
        await ChangeIndexAsync(index => index["plugins"]![0]!["versions"]![0]!["file"] = file);
        await AssertRefusedAsync("plugin.catalog.form", () => Catalogs.AddAsync(Packages.Folder, Cancelled));
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
        Packages.Pack("1.0.0");
        CatalogWriter.Write(Packages.Folder, []);
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

        await AssertRefusedAsync("plugin.catalog.form", () => Catalogs.AddAsync(Packages.Folder, Cancelled));
    }

    [Theory]
    [InlineData("")]
    [InlineData("somewhere")]
    [InlineData("ftp://example.com")]
    [InlineData("file:///etc")]
    [InlineData("https://ana:secret@example.com")]
    [InlineData("https://example.com/?key=secret")]
    public Task What_is_no_place_is_refused(string place) => AssertRefusedAsync("plugin.catalog.place", () => Catalogs.AddAsync(place, Cancelled));
}
