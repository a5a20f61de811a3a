using System.Text.Json;
using Calango.Core.Errors;

namespace Calango.Core.Plugins;

/// <summary>Writes the index of a folder of packages.</summary>
public static class CatalogWriter
{
    /// <summary>Reads each package of the folder and writes its index. The serial grows if anything has changed.</summary>
    /// <param name="folder">Has the packages, and the index of last time if there was one.</param>
    /// <param name="revokes">Ids of keys and digests of packages that are taken back now, for good.</param>
    /// <exception cref="RejectedException">A package is not whole, two are of one version, or what is revoked is neither a key's id nor a digest.</exception>
    /// <exception cref="JsonException">The index of last time cannot be read.</exception>
    public static CatalogIndex Write(string folder, IReadOnlyList<string> revokes)
    {
        var path = Path.Combine(folder, CatalogIndex.FileName);
        var before = File.Exists(path) ? JsonSerializer.Deserialize(File.ReadAllBytes(path), CatalogJson.Default.CatalogIndex) : null;
        if (revokes.FirstOrDefault(one => !CatalogReader.IsDigest(one)) is { } malformed)
        {
            throw new RejectedException("plugin.catalog.revoke", ("text", malformed));
        }

        var packages = Directory.GetFiles(folder, "*.cpk").Order(StringComparer.Ordinal).Select(Read).ToList();
        RefuseTwins(packages);
        var index = new CatalogIndex
        {
            Schema = 1,
            Serial = before?.Serial ?? 1,
            Plugins =
            [
                .. from package in packages
                   group package by package.Manifest.Id into plugin
                   orderby plugin.Key
                   let versions = plugin.OrderByDescending(version => version.Manifest.SemVer).ToList()
                   select new CatalogPlugin
                   {
                       Id = plugin.Key,
                       Name = versions[0].Manifest.Name,
                       Publisher = versions[0].Manifest.Publisher!,
                       Versions = [.. versions.Select(version => version.Version)],
                   },
            ],
            Revoked = [.. (before?.Revoked ?? []).Union(revokes).Order(StringComparer.Ordinal)],
        };

        if (before is not null && Bytes(index).AsSpan().SequenceEqual(Bytes(before)))
        {
            return before;
        }

        index = index with { Serial = (before?.Serial ?? 0) + 1 };
        File.WriteAllBytes(path + ".half", Bytes(index));
        File.Move(path + ".half", path, overwrite: true);
        return index;
    }

    // Which of them would be installed would be chance.
    private static void RefuseTwins(IEnumerable<(PluginManifest Manifest, CatalogVersion Version)> packages)
    {
        if (packages.GroupBy(package => (package.Manifest.Id, package.Manifest.SemVer.ToNormalizedString())).FirstOrDefault(group => group.Count() > 1)?.ToList() is [var one, var other, ..])
        {
            throw new RejectedException("plugin.catalog.twins", ("plugin", one.Manifest.Id), ("version", one.Manifest.Version), ("one", one.Version.File), ("other", other.Version.File));
        }
    }

    /// <summary>An index as it is written.</summary>
    internal static byte[] Bytes(CatalogIndex index) => JsonSerializer.SerializeToUtf8Bytes(index, CatalogJson.Default.CatalogIndex);

    private static (PluginManifest Manifest, CatalogVersion Version) Read(string path)
    {
        using var package = PluginPackage.Open(path);
        var manifest = package.Manifest;
        return (manifest, new CatalogVersion
        {
            Version = manifest.Version,
            Contract = manifest.Contract,
            File = Path.GetFileName(path),
            Digest = package.Digest,
            Length = new FileInfo(path).Length,
            Key = manifest.Key,
            Changes = manifest.Changes,
            Provides = manifest.Provides,
            Capabilities = manifest.Capabilities,
        });
    }
}
