using System.Text.Json;
using Calango.Core.Errors;
using NuGet.Versioning;

namespace Calango.Core.Plugins;

/// <summary>Reads the index of a catalog that anybody may have written: whatever is not exactly of its form is refused whole.</summary>
internal static class CatalogReader
{
    /// <summary>The most bytes that an index may have.</summary>
    public const int LargestIndex = 8 << 20;

    private const int MostPlugins = 5000;
    private const int MostVersions = 500;
    private const int MostRevoked = 20_000;
    private const int LongestText = 4000;

    /// <exception cref="RejectedException">It is none.</exception>
    public static CatalogIndex Read(ReadOnlySpan<byte> json)
    {
        CatalogIndex? index;
        try
        {
            index = JsonSerializer.Deserialize(json, CatalogJson.Default.CatalogIndex);
        }
        catch (JsonException exception)
        {
            throw Malformed(exception.Path is { Length: > 0 } path ? path : "$");
        }

        Require(index is { Schema: 1 }, "schema");
        Require(index!.Serial > 0, "serial");
        Require(index.Revoked.Count <= MostRevoked && index.Revoked.All(IsDigest), "revoked");
        // What is in a list may be null all the same.
        Require(index.Plugins.Count <= MostPlugins && index.Plugins.All(plugin => plugin is not null) && AreDistinct(index.Plugins.Select(plugin => plugin.Id)), "plugins");
        foreach (var plugin in index.Plugins)
        {
            Check(plugin);
        }

        return index;
    }

    private static void Check(CatalogPlugin plugin)
    {
        Require(PluginManifest.IsId(plugin.Id), "id");
        Require(plugin.Name.Trim().Length is > 0 and <= 100, $"{plugin.Id}.name");
        Require(plugin.Publisher.Trim().Length is > 0 and <= 100, $"{plugin.Id}.publisher");
        Require(plugin.Versions.Count is > 0 and <= MostVersions && plugin.Versions.All(version => version is not null), $"{plugin.Id}.versions");
        foreach (var version in plugin.Versions)
        {
            Check(version, plugin.Id);
        }

        // A version has one content, whatever is behind its plus sign.
        Require(AreDistinct(plugin.Versions.Select(version => SemanticVersion.Parse(version.Version).ToNormalizedString())), $"{plugin.Id}.versions");
    }

    private static void Check(CatalogVersion version, string id)
    {
        Require(version.Version.Length <= 64 && SemanticVersion.TryParse(version.Version, out _), $"{id}.version");
        Require(version.Contract.Length <= 64 && IsContract(version.Contract), $"{id}.contract");
        Require(IsPlainFile(version.File), $"{id}.file");
        Require(IsDigest(version.Digest), $"{id}.digest");
        Require(version.Length is > 0 and <= PackageLimits.PackageBytes, $"{id}.length");
        Require(version.Key is null || IsDigest(version.Key), $"{id}.key");
        Require(version.Changes is null or { Length: <= LongestText }, $"{id}.changes");
        string?[] texts = [.. version.Provides, .. version.Capabilities.Network, .. version.Capabilities.Files];
        Require(texts.All(text => text is not null) && texts.Sum(text => text!.Length) <= LongestText, $"{id}.capabilities");
    }

    /// <summary>Whether a text is a SHA-256 as it is written here: of a package, or the id of a key.</summary>
    public static bool IsDigest(string? text) => text is { Length: 64 } && text.All(char.IsAsciiHexDigitLower);

    // Beside the index and nowhere else: no way out of the folder, no other server.
    private static bool IsPlainFile(string name) =>
        name.Length is > 4 and <= PackageLimits.NameLength && name.EndsWith(".cpk", StringComparison.Ordinal) && name[0] != '.'
        && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '-' or '_' or '+');

    private static bool IsContract(string range)
    {
        try
        {
            ContractRange.Parse(range);
            return true;
        }
        catch (PluginRejectedException)
        {
            return false;
        }
    }

    private static bool AreDistinct(IEnumerable<string> names)
    {
        var seen = new HashSet<string>();
        return names.All(seen.Add);
    }

    private static void Require(bool holds, string where)
    {
        if (!holds)
        {
            throw Malformed(where);
        }
    }

    private static RejectedException Malformed(string where) => new("plugin.catalog.form", ("where", where.Length > 100 ? where[..100] : where));
}
