using Calango.Core.Errors;

namespace Calango.Core.Plugins;

/// <summary>Looks at packages: are they whole, whose are they, could they run here, may they take the place that they want. Changes nothing.</summary>
internal sealed class PackageInspector(PluginStore store, PluginTrust trust, IsolationPolicy isolation, PluginHost host, PluginBoot boot)
{
    /// <summary>Opens a package, and refuses one that was taken back.</summary>
    /// <exception cref="RejectedException">It is none, not whole, or was taken back.</exception>
    public (PluginPackage Package, PluginTrustLevel Level) Verify(string path)
    {
        var package = PluginPackage.Open(path);
        try
        {
            trust.RefuseRevoked(package.Manifest.Key, package.Digest);
            var level = trust.LevelOf(package.Manifest);
            RefuseForeign(package, level);
            return (package, level);
        }
        catch
        {
            package.Dispose();
            throw;
        }
    }

    /// <summary>Whether it could run here.</summary>
    /// <exception cref="RejectedException">It could not.</exception>
    public IReadOnlyList<DeclaredSetting> Preflight(PluginPackage package)
    {
        var settings = Plugins.Preflight.Check(package, Serving());
        RefuseDependants(package.Manifest);
        return settings;
    }

    public PackageInspection Inspect(string path)
    {
        var (package, level) = Verify(path);
        using (package)
        {
            var settings = Preflight(package);
            isolation.RefuseWhereImpossible(package.Manifest, level);
            return new PackageInspection
            {
                Digest = package.Digest,
                Manifest = package.Manifest,
                Level = level,
                PublicKey = package.PublicKey,
                Settings = settings,
                IsIsolated = isolation.Isolates(package.Manifest, level, acceptsInProcess: false) && isolation.Refusal is null,
                NeedsInProcessAccepted = isolation.NeedsInProcessAccepted(package.Manifest, level),
                IsolationRefusal = isolation.Refusal,
                ReplacesBuiltIn = boot.BuiltIns.ContainsKey(package.Manifest.Id),
                Quarantine = store.QuarantineOf(package.Manifest.Id, package.FolderName),
                Changes = ChangesOf(package.Manifest, settings),
            };
        }
    }

    /// <summary>The plugins that serve and need another one.</summary>
    public IReadOnlyList<PluginManifest> DependantsOf(string id) => [.. Serving().Values.Where(manifest => manifest.Dependencies.Any(dependency => dependency.Id == id))];

    /// <exception cref="RejectedException">Others need this plugin.</exception>
    public void RefuseWhereNeeded(string id)
    {
        RefuseWhereItKeepsFiles(id);
        if (DependantsOf(id) is { Count: > 0 } dependants)
        {
            throw Dependants(dependants);
        }
    }

    /// <exception cref="RejectedException">It keeps files.</exception>
    public void RefuseWhereItKeepsFiles(string id)
    {
        if (host.Keepers.Contains(id))
        {
            throw new RejectedException("plugin.keepsFiles");
        }
    }

    /// <exception cref="RejectedException">Others need another version than this one.</exception>
    public void RefuseDependants(PluginManifest manifest)
    {
        if (DependantsOf(manifest.Id).Where(other => other.Dependencies.Any(dependency => dependency.Id == manifest.Id && !dependency.IsMetBy(manifest.SemVer))).ToList() is { Count: > 0 } others)
        {
            throw Dependants(others);
        }
    }

    private static RejectedException Dependants(IEnumerable<PluginManifest> plugins) =>
        new("plugin.dependants", ("plugins", string.Join(", ", plugins.Select(plugin => plugin.Name).Order(StringComparer.CurrentCulture))));

    private Dictionary<string, PluginManifest> Serving() =>
        host.Plugins.Where(plugin => plugin is { State: PluginState.Active, Manifest: not null }).ToDictionary(plugin => plugin.Id, plugin => plugin.Manifest!);

    // An id belongs to whoever published it here first: a stranger's update must not inherit a plugin's settings and data.
    private void RefuseForeign(PluginPackage package, PluginTrustLevel level)
    {
        var manifest = package.Manifest;
        if (store.Find(manifest.Id) is not { Level: not PluginTrustLevel.BuiltIn } installed)
        {
            if (level < PluginTrustLevel.Trusted && boot.BuiltIns.ContainsKey(manifest.Id))
            {
                throw new RejectedException("plugin.builtIn", ("id", manifest.Id));
            }

            return;
        }

        if (installed.Key != manifest.Key || (manifest.Key is null && installed.Publisher != manifest.Publisher))
        {
            throw new RejectedException("plugin.taken", ("id", manifest.Id), ("publisher", installed.Publisher));
        }

        if (installed.Current is null || installed.Current == package.FolderName)
        {
            return;
        }

        var current = store.ManifestOf(manifest.Id, installed.Current);
        switch (manifest.SemVer.CompareTo(current.SemVer))
        {
            case 0:
                throw new RejectedException("plugin.sameVersion", ("version", manifest.Version));
            case < 0:
                throw new RejectedException("plugin.downgrade", ("version", manifest.Version), ("current", current.Version));
        }
    }

    private PackageChanges? ChangesOf(PluginManifest manifest, IReadOnlyList<DeclaredSetting> settings)
    {
        var (folder, before) = store.Find(manifest.Id) is { Current: { } current }
            ? (store.Folders.VersionFolder(manifest.Id, current), store.ManifestOf(manifest.Id, current))
            : boot.BuiltIns.TryGetValue(manifest.Id, out var builtIn) ? (builtIn.Folder, builtIn.Manifest) : (null, null);
        return before is null ? null : PackageChanges.Between(before, AssemblyFacts.Read(File.ReadAllBytes(Path.Combine(folder!, before.Entry)))?.Settings ?? [], manifest, settings);
    }
}
