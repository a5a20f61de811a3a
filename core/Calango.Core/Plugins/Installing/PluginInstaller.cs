using Calango.Core.Errors;
using NuGet.Versioning;

namespace Calango.Core.Plugins;

/// <summary>
/// Installs, updates, switches and removes plugins while the server serves. One thing at a time; each is the server's own
/// work once it has begun, whoever looks on. What cannot be done is refused before anything has changed. Thread-safe.
/// </summary>
public sealed class PluginInstaller
{
    /// <summary>The most bytes that a package may have.</summary>
    public const long LargestPackage = PackageLimits.PackageBytes;

    private readonly PluginStore _store;
    private readonly PluginTrust _trust;
    private readonly PluginHost _host;
    private readonly PluginBoot _boot;
    private readonly PackageInspector _inspector;
    private readonly PackageInbox _inbox;
    private readonly OperationLog _log;
    private readonly PluginOperations _operations;
    private readonly PluginCatalogs _catalogs;
    private readonly RemotePackage _remote;

    internal PluginInstaller(PluginStore store, PluginTrust trust, PluginHost host, PluginBoot boot, PackageInspector inspector, PackageInbox inbox, OperationLog log, PluginOperations operations, PluginCatalogs catalogs, RemotePackage remote) =>
        (_store, _trust, _host, _boot, _inspector, _inbox, _log, _operations, _catalogs, _remote) = (store, trust, host, boot, inspector, inbox, log, operations, catalogs, remote);

    /// <summary>Raised after an operation has gone on.</summary>
    public event Action<PluginOperation>? Changed
    {
        add => _log.Changed += value;
        remove => _log.Changed -= value;
    }

    /// <summary>All plugins: those that came with the server, and those that were installed.</summary>
    public IReadOnlyList<InstalledPluginInfo> Plugins
    {
        get
        {
            var statuses = _host.Plugins.ToDictionary(plugin => plugin.Id);
            var installed = _store.All().Where(plugin => plugin.Current is not null || plugin.Level == PluginTrustLevel.BuiltIn).ToDictionary(plugin => plugin.Id);
            // One that was removed is told of until it has left the memory.
            var inMemory = statuses.Values.Where(plugin => plugin.State != PluginState.Unloaded || plugin.Others.Count > 0).Select(plugin => plugin.Id);
            return [.. _boot.BuiltIns.Keys.Concat(installed.Keys).Concat(inMemory).Distinct().Order(StringComparer.Ordinal)
                .Select(id => Describe(id, installed.GetValueOrDefault(id), statuses.GetValueOrDefault(id)))];
        }
    }

    /// <summary>What was done, the newest first.</summary>
    public IReadOnlyList<PluginOperation> History => [.. _log.All()];

    /// <summary>An operation; null: there is none with this id.</summary>
    public PluginOperation? Find(Guid operationId) => _log.Find(operationId);

    /// <summary>An operation as it is, and again each time that it has gone on, until nothing more will be told of it.</summary>
    public IAsyncEnumerable<PluginOperation> FollowAsync(Guid operationId, CancellationToken cancellationToken) => _log.FollowAsync(operationId, cancellationToken);

    /// <summary>Waits until it is decided how an operation ends: what it replaced may still drain.</summary>
    public async Task<PluginOperation> EndOfAsync(Guid operationId, CancellationToken cancellationToken)
    {
        await foreach (var operation in _log.FollowAsync(operationId, cancellationToken))
        {
            if (operation.Outcome != PluginOutcome.Running)
            {
                return operation;
            }
        }

        throw new NotFoundException();
    }

    /// <summary>Looks at a package that was handed in, without running its code. It is kept for an hour, to be consented to.</summary>
    /// <exception cref="RejectedException">It is none, not whole, not allowed here, or could not run here.</exception>
    public async Task<PackageInspection> InspectAsync(Stream package, CancellationToken cancellationToken) =>
        Inspect(await _inbox.TakeAsync(package, expected: null, cancellationToken));

    /// <summary>Fetches a package from an address of the web, and looks at it as at one that was handed in.</summary>
    /// <exception cref="RejectedException">It cannot be had, or <see cref="InspectAsync"/> refuses it.</exception>
    public async Task<PackageInspection> InspectAddressAsync(string address, CancellationToken cancellationToken) =>
        Inspect(await _remote.FetchAsync(address, cancellationToken));

    /// <summary>Fetches a package of a catalog, and looks at it as at one that was handed in.</summary>
    /// <exception cref="RejectedException">It cannot be had, is another than the catalog says, or <see cref="InspectAsync"/> refuses it.</exception>
    /// <exception cref="NotFoundException">There is no such catalog.</exception>
    public async Task<PackageInspection> InspectOfCatalogAsync(Guid catalogId, string pluginId, string version, CancellationToken cancellationToken)
    {
        var inspected = Inspect(await _catalogs.FetchAsync(catalogId, pluginId, version, cancellationToken));
        return inspected.Manifest.Id == pluginId && inspected.Manifest.Version == version ? inspected : throw new RejectedException("plugin.catalog.other");
    }

    /// <summary>Looks once more at a package that was looked at: what is known of its publisher may have changed.</summary>
    /// <exception cref="RejectedException">It is no longer there, or <see cref="InspectAsync"/> refuses it.</exception>
    public PackageInspection InspectAgain(string digest) => Inspect(_inbox.Find(digest) ?? throw new RejectedException("plugin.inspected"));

    /// <summary>Installs a package that was looked at, or updates to it.</summary>
    /// <param name="consent">To exactly what was shown.</param>
    /// <param name="by">Who gives it; null: nobody in particular.</param>
    /// <exception cref="RejectedException">It isn't what was shown, or cannot be installed.</exception>
    public PluginOperation Install(PluginConsent consent, Guid? by = null)
    {
        var path = _inbox.Find(consent.Digest) ?? throw new RejectedException("plugin.consent");
        var inspected = _inspector.Inspect(path);
        if (inspected.Digest != consent.Digest || inspected.Level != consent.Level)
        {
            throw new RejectedException("plugin.consent");
        }

        if (inspected.NeedsInProcessAccepted && !consent.AcceptsInProcess)
        {
            throw new RejectedException("plugin.inProcess");
        }

        return _operations.Install(path, inspected, consent, by);
    }

    /// <summary>Has the version before serve again.</summary>
    /// <exception cref="RejectedException">There is none, or others need the one that serves.</exception>
    /// <exception cref="NotFoundException">No such plugin is installed.</exception>
    public PluginOperation RollBack(string pluginId, Guid? by = null)
    {
        var plugin = Installed(pluginId);
        var previous = plugin.Previous ?? throw new RejectedException("plugin.noPrevious");
        _inspector.RefuseDependants(_store.ManifestOf(pluginId, previous));
        return _operations.RollBack(plugin, previous, by);
    }

    /// <summary>Has a plugin serve that was disabled or in quarantine.</summary>
    /// <exception cref="NotFoundException">There is no such plugin.</exception>
    public PluginOperation Enable(string pluginId, Guid? by = null) =>
        _store.Find(pluginId) is { Current: { } current } plugin ? _operations.Enable(plugin, current, by)
        : _boot.BuiltIns.TryGetValue(pluginId, out var builtIn) ? _operations.Enable(builtIn, by)
        : throw new NotFoundException();

    /// <summary>Takes a plugin out of service until it is enabled.</summary>
    /// <param name="pluginId">The plugin.</param>
    /// <param name="now">Whether turns that use it are stopped; else they come to their end.</param>
    /// <param name="by">Who asks for it.</param>
    /// <exception cref="RejectedException">Others need it; they are named.</exception>
    /// <exception cref="NotFoundException">There is no such plugin.</exception>
    public PluginOperation Disable(string pluginId, bool now = false, Guid? by = null)
    {
        _inspector.RefuseWhereNeeded(pluginId);
        return _store.Find(pluginId) is { Current: not null } plugin ? _operations.Disable(plugin, now, by)
            : _boot.BuiltIns.TryGetValue(pluginId, out var builtIn) ? _operations.Disable(PluginOperations.SwitchOf(builtIn), now, by)
            : throw new NotFoundException();
    }

    /// <summary>Removes an installed plugin; one that came with the server and had given way to it serves again.</summary>
    /// <param name="pluginId">The plugin.</param>
    /// <param name="withData">Whether what it has stored goes too; the id is anybody's again then.</param>
    /// <param name="now">Whether turns that use it are stopped; else they come to their end.</param>
    /// <param name="by">Who asks for it.</param>
    /// <exception cref="RejectedException">Others need it; they are named.</exception>
    /// <exception cref="NotFoundException">No such plugin is installed.</exception>
    public PluginOperation Remove(string pluginId, bool withData, bool now = false, Guid? by = null)
    {
        var plugin = Installed(pluginId);
        if (!_boot.BuiltIns.TryGetValue(pluginId, out var builtIn))
        {
            _inspector.RefuseWhereNeeded(pluginId);
        }
        else
        {
            _inspector.RefuseDependants(builtIn.Manifest);
            if (withData)
            {
                _inspector.RefuseWhereItKeepsFiles(pluginId);
            }
        }

        return _operations.Remove(plugin, withData, now, by);
    }

    private InstalledPlugin Installed(string pluginId) => _store.Find(pluginId) is { Current: not null } plugin ? plugin : throw new NotFoundException();

    private PackageInspection Inspect(string path)
    {
        try
        {
            return _inspector.Inspect(path);
        }
        catch
        {
            File.Delete(path);
            throw;
        }
    }

    private InstalledPluginInfo Describe(string id, InstalledPlugin? installed, PluginStatus? status)
    {
        if (installed?.Current is not { } current)
        {
            var builtIn = _boot.BuiltIns.GetValueOrDefault(id);
            var (own, newer) = QuarantinesOf(id, builtIn?.Manifest.Version, builtIn?.Manifest);
            return new InstalledPluginInfo(id, builtIn?.Manifest ?? status?.Manifest, PluginTrustLevel.BuiltIn, installed?.Enabled ?? true, null, own, newer, false, status);
        }

        var (manifest, level, isRevoked) = Read(id, current);
        var (quarantine, later) = QuarantinesOf(id, current, manifest);
        return new InstalledPluginInfo(
            id, manifest, level, installed.Enabled, installed.Previous is { } previous ? PluginBoot.VersionOf(previous) : null, quarantine, later, isRevoked, status);
    }

    private (PluginQuarantine? Own, IReadOnlyList<PluginQuarantine> Newer) QuarantinesOf(string id, string? version, PluginManifest? manifest)
    {
        var all = _store.Quarantine.Where(one => one.PluginId == id).ToList();
        return (all.Find(one => one.Version == version), manifest is null ? [] : [.. all.Where(one => SemanticVersion.Parse(one.ShownVersion).CompareTo(manifest.SemVer) > 0)]);
    }

    private (PluginManifest? Manifest, PluginTrustLevel Level, bool IsRevoked) Read(string id, string version)
    {
        PluginManifest? manifest = null;
        try
        {
            manifest = _store.ManifestOf(id, version);
            _trust.RefuseRevoked(manifest.Key, PluginBoot.DigestOf(version));
            return (manifest, _trust.LevelOf(manifest), false);
        }
        catch (RejectedException rejected)
        {
            return (manifest, PluginTrustLevel.Unsigned, rejected.Code.StartsWith("plugin.revoked", StringComparison.Ordinal));
        }
        catch (IOException)
        {
            return (null, PluginTrustLevel.Unsigned, false);
        }
    }
}
