namespace Calango.Core.Plugins;

/// <summary>The files of a version in the store.</summary>
internal static class StoredFiles
{
    /// <summary>Unpacks a package into a new folder; each file is on the disk when it returns.</summary>
    public static void Write(PluginPackage package, string folder)
    {
        Directory.CreateDirectory(folder);
        foreach (var name in package.Names)
        {
            var path = Path.Combine(folder, name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None);
            package.CopyTo(name, file);
            file.Flush(flushToDisk: true);
        }

        foreach (var inner in Directory.GetDirectories(folder, "*", SearchOption.AllDirectories).Append(folder))
        {
            DurableFiles.SyncFolder(inner);
        }
    }

    /// <summary>Reads all of a version again.</summary>
    /// <exception cref="PluginRejectedException">It isn't what was installed.</exception>
    public static PluginManifest Check(string folder)
    {
        var manifest = PluginManifest.Read(folder);
        var files = Directory.GetFiles(folder, "*", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(folder, path).Replace(Path.DirectorySeparatorChar, '/'))
            .Except([PluginManifest.FileName, PackageSignature.FileName]).ToList();
        var wanted = manifest.Files ?? new Dictionary<string, string>();
        return files.Except(wanted.Keys).Concat(wanted.Keys.Except(files)).Concat(files.Where(file => DigestOf(folder, file) != wanted[file])).FirstOrDefault() is { } wrong
            ? throw new PluginRejectedException($"{wrong} in {folder} is not what was installed")
            : manifest;
    }

    private static string DigestOf(string folder, string file)
    {
        using var stream = File.OpenRead(Path.Combine(folder, file));
        return PluginPackage.DigestOf(stream);
    }
}
