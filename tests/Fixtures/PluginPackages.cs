using System.IO.Compression;
using Calango.Core.Plugins;

namespace Calango.Tests.Fixtures;

/// <summary>Packages made from plugins of the build, for one test; gone when disposed.</summary>
public sealed class PluginPackages : IDisposable
{
    private readonly PluginsFolder _plugins = new();
    private readonly string _folder = TestFolders.NewTemporary("packages");

    /// <summary>The publisher whose key signs them.</summary>
    public const string Publisher = "Ana's Plugins";

    /// <summary>The publisher's key.</summary>
    public PublisherKey Key { get; } = PublisherKey.Create();

    /// <summary>Where they are.</summary>
    public string Folder => _folder;

    /// <summary>Packs a plugin of the build under a version of its own.</summary>
    /// <param name="version">The version.</param>
    /// <param name="id">The plugin.</param>
    /// <param name="signed">Whether <see cref="Key"/> signs it.</param>
    /// <param name="change">Changes its plugin.json before it is packed.</param>
    public string Pack(string version, string id = "echo", bool signed = true, Func<string, string>? change = null)
    {
        var source = _plugins.CopyBuilt(id, version);
        var manifest = Path.Combine(source, "plugin.json");
        File.WriteAllText(manifest, (change ?? (text => text))(File.ReadAllText(manifest)));
        var target = Path.Combine(_folder, $"{id}-{version}.cpk");
        PackageWriter.Pack(source, target, Publisher, signed ? Key : null);
        TestFolders.Delete(source);
        return target;
    }

    /// <summary>Packs a plugin that was written for the test, whose files a plugins folder has.</summary>
    public string PackEmitted(PluginsFolder emitted, string id, PublisherKey? key = null)
    {
        var target = Path.Combine(_folder, $"{id}.cpk");
        PackageWriter.Pack(Path.Combine(emitted.Path, id), target, Publisher, key ?? Key);
        return target;
    }

    /// <summary>Packs a folder as it is.</summary>
    public string PackFolder(string folder, string name)
    {
        var target = Path.Combine(_folder, $"{name}.cpk");
        File.Delete(target);
        PackageWriter.Pack(folder, target, Publisher, Key);
        return target;
    }

    /// <summary>A copy of a package with its files changed, as a stranger would: nothing else follows the change.</summary>
    public string Rewrite(string package, Action<List<PackedFile>> change)
    {
        List<PackedFile> files;
        using (var zip = ZipFile.OpenRead(package))
        {
            files = [.. zip.Entries.Select(entry => new PackedFile(entry.FullName, ReadAll(entry)))];
        }

        change(files);
        var target = Path.Combine(_folder, $"{Guid.CreateVersion7():N}.cpk");
        using var rewritten = ZipFile.Open(target, ZipArchiveMode.Create);
        foreach (var file in files)
        {
            var entry = rewritten.CreateEntry(file.Name);
            entry.ExternalAttributes = file.Attributes;
            using var stream = entry.Open();
            stream.Write(file.Content);
        }

        return target;
    }

    /// <summary>A copy of a package with its bytes changed.</summary>
    public string Damage(string package, Func<byte[], byte[]> change)
    {
        var target = Path.Combine(_folder, $"{Guid.CreateVersion7():N}.cpk");
        File.WriteAllBytes(target, change(File.ReadAllBytes(package)));
        return target;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _plugins.Dispose();
        Key.Dispose();
        TestFolders.Delete(_folder);
    }

    private static byte[] ReadAll(ZipArchiveEntry entry)
    {
        using var content = new MemoryStream();
        using var stream = entry.Open();
        stream.CopyTo(content);
        return content.ToArray();
    }
}

/// <summary>A file in a package.</summary>
/// <param name="Name">Its path.</param>
/// <param name="Content">Its bytes.</param>
/// <param name="Attributes">What a Unix system says of it, in the upper half.</param>
public sealed record PackedFile(string Name, byte[] Content, int Attributes = 0);
