using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using Calango.Core.Errors;

namespace Calango.Core.Plugins;

/// <summary>Makes packages. The same folder makes the same bytes.</summary>
public static class PackageWriter
{
    // The earliest that a zip can say: when the files were built is nobody's business, and would make each package another.
    private static readonly DateTimeOffset Time = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private const int OrdinaryFile = (0x8000 | 0x1A4) << 16;

    /// <summary>Packs a built plugin.</summary>
    /// <param name="folder">Has its plugin.json and all its files.</param>
    /// <param name="target">The package; replaced if it is there.</param>
    /// <param name="publisher">Who publishes it; null: as its plugin.json says.</param>
    /// <param name="key">Signs it; null: nobody.</param>
    /// <returns>What was packed.</returns>
    /// <exception cref="RejectedException">It is not a plugin that can be packed.</exception>
    public static PluginManifest Pack(string folder, string target, string? publisher, PublisherKey? key)
    {
        var source = Path.Combine(folder, PluginManifest.FileName);
        if (!File.Exists(source))
        {
            throw new RejectedException("plugin.pack.noManifest", ("folder", folder));
        }

        var written = PluginPackage.Parse(File.ReadAllBytes(source));
        var files = Directory.GetFiles(folder, "*", SearchOption.AllDirectories)
            .ToDictionary(path => Path.GetRelativePath(folder, path).Replace(Path.DirectorySeparatorChar, '/'), File.ReadAllBytes);
        files.Remove(PluginManifest.FileName);
        files.Remove(PackageSignature.FileName);
        Write(target, files, written with { Publisher = publisher ?? written.Publisher ?? throw new RejectedException("plugin.pack.noPublisher") }, key);
        return Check(target);
    }

    /// <summary>Signs a package anew: all that is in it stays.</summary>
    /// <exception cref="RejectedException">It is no package, or not whole.</exception>
    public static PluginManifest Sign(string path, PublisherKey key)
    {
        PluginManifest manifest;
        Dictionary<string, byte[]> files;
        using (var package = PluginPackage.Open(path))
        {
            (manifest, files) = (package.Manifest, package.Manifest.Files!.Keys.ToDictionary(name => name, package.ReadAll));
        }

        Write(path, files, manifest, key);
        return Check(path);
    }

    /// <summary>A package's SHA-256.</summary>
    public static string DigestOf(string path)
    {
        using var file = File.OpenRead(path);
        return PluginPackage.DigestOf(file);
    }

    private static PluginManifest Check(string path)
    {
        using var package = PluginPackage.Open(path);
        return package.Manifest;
    }

    private static void Write(string target, Dictionary<string, byte[]> files, PluginManifest written, PublisherKey? key)
    {
        var digests = files.OrderBy(file => file.Key, StringComparer.Ordinal).ToDictionary(file => file.Key, file => Convert.ToHexStringLower(SHA256.HashData(file.Value)));
        var manifest = JsonSerializer.SerializeToUtf8Bytes(written with { Files = digests, Key = key?.Id }, ManifestJson.Default.PluginManifest);
        files[PluginManifest.FileName] = manifest;
        if (key is not null)
        {
            files[PackageSignature.FileName] = PackageSignature.Write(key, manifest);
        }

        // Whole or not at all: who packs into a catalog's folder may be read from meanwhile.
        var half = target + ".half";
        try
        {
            using (var zip = System.IO.Compression.ZipFile.Open(half, ZipArchiveMode.Create))
            {
                foreach (var (name, content) in files.OrderBy(file => file.Key, StringComparer.Ordinal))
                {
                    var entry = zip.CreateEntry(name, CompressionLevel.Optimal);
                    (entry.LastWriteTime, entry.ExternalAttributes) = (Time, OrdinaryFile);
                    using var stream = entry.Open();
                    stream.Write(content);
                }
            }

            File.Move(half, target, overwrite: true);
        }
        finally
        {
            File.Delete(half);
        }
    }
}
