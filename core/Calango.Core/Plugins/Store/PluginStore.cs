using Calango.Core.Errors;

namespace Calango.Core.Plugins;

/// <summary>
/// The plugins that were installed from packages, on the disk. A version's folder is made whole or not at all and never
/// changed; which of them counts is one small file that is replaced whole. Whoever changes it holds its lock.
/// </summary>
internal sealed class PluginStore(StoreFolders folders)
{
    // In real time, whatever the clock says: another process may hold it.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    public StoreFolders Folders => folders;

    /// <summary>Keeps others from changing the store, in this process and in others that share the folder.</summary>
    /// <exception cref="RejectedException">Somebody else changes it.</exception>
    public IDisposable Lock()
    {
        folders.Create();
        try
        {
            return new FileStream(folders.LockFile, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            throw new RejectedException("plugin.busy");
        }
    }

    /// <summary>As <see cref="Lock"/>, but waits for whoever changes it.</summary>
    public async Task<IDisposable> WaitForLockAsync(CancellationToken cancellationToken = default)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                return Lock();
            }
            catch (RejectedException)
            {
                await Task.Delay(Pause, cancellationToken);
            }
        }
    }

    /// <summary>All but those whose file is damaged: none of their versions is removed until somebody has looked at it.</summary>
    public IReadOnlyList<InstalledPlugin> All() => !Directory.Exists(folders.State) ? [] :
        [.. Directory.GetFiles(folders.State, "*.json").Order(StringComparer.Ordinal).Select(ReadIfWhole).OfType<InstalledPlugin>()];

    public InstalledPlugin? Find(string id) => Read(StateFile(id));

    /// <summary>As <see cref="Find"/>; null, too, where its file is damaged.</summary>
    public InstalledPlugin? FindIfWhole(string id) => ReadIfWhole(StateFile(id));

    public void Save(InstalledPlugin plugin) => DurableFiles.Write(StateFile(plugin.Id), plugin, StoreJson.Default.InstalledPlugin);

    /// <summary>Forgets a plugin: its id is anybody's again.</summary>
    public void Forget(string id) => DurableFiles.Delete(StateFile(id));

    /// <summary>The manifest of a version that is in the store.</summary>
    public PluginManifest ManifestOf(string id, string version) =>
        PluginPackage.Parse(File.ReadAllBytes(Path.Combine(folders.VersionFolder(id, version), PluginManifest.FileName)));

    /// <summary>Unpacks a package into the store. Returns once it is on the disk.</summary>
    public string Stage(PluginPackage package)
    {
        var target = folders.VersionFolder(package.Manifest.Id, package.FolderName);
        if (Directory.Exists(target))
        {
            StoredFiles.Check(target);
            return target;
        }

        var staging = Path.Combine(folders.Staging, Guid.CreateVersion7().ToString("N"));
        try
        {
            StoredFiles.Write(package, staging);
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            Directory.Move(staging, target);
        }
        catch
        {
            if (Directory.Exists(staging))
            {
                Directory.Delete(staging, recursive: true);
            }

            throw;
        }

        DurableFiles.SyncFolder(Path.GetDirectoryName(target)!);
        DurableFiles.SyncFolder(folders.Store);
        return target;
    }

    /// <summary>Keeps a version's package, which comes from the staging folder, for whoever puts it into the store of files.</summary>
    public void KeepPackage(string path, string id, string digest)
    {
        var folder = Path.Combine(folders.Packages, id);
        Directory.CreateDirectory(folder);
        File.Move(path, Path.Combine(folder, digest), overwrite: true);
        DurableFiles.SyncFolder(folder);
    }

    /// <summary>Removes what nothing points to: what a crash left, and versions that neither serve nor can be gone back to.</summary>
    /// <param name="keeps">Whether a version is still in use.</param>
    public void Sweep(Func<string, string, bool> keeps)
    {
        foreach (var plugin in Directory.GetDirectories(folders.Store))
        {
            var id = Path.GetFileName(plugin);
            var state = Find(id);
            foreach (var version in Directory.GetDirectories(plugin).Select(Path.GetFileName).Where(version => version != state?.Current && version != state?.Previous && !keeps(id, version!)))
            {
                DurableFiles.DeleteFolder(folders.VersionFolder(id, version!), folders.Staging);
            }

            if (Directory.GetDirectories(plugin).Length == 0)
            {
                Directory.Delete(plugin);
            }
        }
    }

    /// <summary>Removes what was being unpacked, removed or looked at when the process ended.</summary>
    public void EmptyStaging()
    {
        foreach (var folder in Directory.GetDirectories(folders.Staging))
        {
            Directory.Delete(folder, recursive: true);
        }

        foreach (var file in Directory.GetFiles(folders.Staging).Concat(Directory.GetFiles(folders.State, "*.half")).Concat(Directory.GetFiles(folders.History, "*.half")))
        {
            File.Delete(file);
        }
    }

    public void DeleteData(string id) => DurableFiles.DeleteFolder(Path.Combine(folders.Data, id), folders.Staging);

    /// <summary>The versions that may not be started.</summary>
    public IReadOnlyList<PluginQuarantine> Quarantine => DurableFiles.Read(QuarantineFile, StoreJson.Default.IReadOnlyListPluginQuarantine) ?? [];

    public PluginQuarantine? QuarantineOf(string id, string version) => Quarantine.FirstOrDefault(one => one.PluginId == id && one.Version == version);

    public void PutInQuarantine(PluginQuarantine quarantine) => WriteQuarantine([.. Others(quarantine.PluginId, quarantine.Version), quarantine]);

    public void ReleaseFromQuarantine(string id, string version)
    {
        if (QuarantineOf(id, version) is not null)
        {
            WriteQuarantine([.. Others(id, version)]);
        }
    }

    private IEnumerable<PluginQuarantine> Others(string id, string version) => Quarantine.Where(one => one.PluginId != id || one.Version != version);

    private void WriteQuarantine(IReadOnlyList<PluginQuarantine> quarantine) =>
        DurableFiles.Write(QuarantineFile, quarantine, StoreJson.Default.IReadOnlyListPluginQuarantine);

    private string QuarantineFile => Path.Combine(folders.Root, "quarantine.json");

    private static InstalledPlugin? ReadIfWhole(string path)
    {
        try
        {
            return Read(path);
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static InstalledPlugin? Read(string path) => DurableFiles.Read(path, StoreJson.Default.InstalledPlugin);

    private string StateFile(string id) => Path.Combine(folders.State, id + ".json");
}
