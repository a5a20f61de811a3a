using System.Collections.Concurrent;
using Calango.Core.Errors;
using Microsoft.Extensions.Logging;

namespace Calango.Core.Plugins;

/// <summary>
/// Starts the plugins of the store, in the order in which they need each other, and decides which of those that came with
/// the server give way to them. One that cannot be started gives way to the version before, or to the built-in one.
/// </summary>
internal sealed class PluginBoot(PluginStore store, PluginTrust trust, IsolationPolicy isolation, OperationLog log, Culprits culprits, TimeProvider clock, ILogger<PluginBoot> logger)
{
    // How often a version may fail in a row before the one before it takes its place.
    private const int MostFailedStarts = 2;

    private readonly ConcurrentDictionary<string, BuiltInPlugin> _builtIns = new();
    private IReadOnlySet<string> _suspects = new HashSet<string>();
    private IReadOnlyDictionary<string, InstalledPlugin> _installed = new Dictionary<string, InstalledPlugin>();

    /// <summary>Brings a version's folder back from its package, by plugin and version; false: it cannot. Null: nobody keeps packages.</summary>
    public Func<string, string, CancellationToken, Task<bool>>? Restore { get; set; }

    /// <summary>The plugins that came with the server.</summary>
    public IReadOnlyDictionary<string, BuiltInPlugin> BuiltIns => _builtIns;

    /// <summary>Makes good what the last process left behind, and reads what is installed.</summary>
    public void Begin()
    {
        try
        {
            using var changing = store.Lock();
            _suspects = new StoreRecovery(store, log, culprits, clock, logger).Run();
        }
        catch (RejectedException)
        {
            // Another process of the same folder is changing it, and alive: there is nothing to make good.
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            logger.LogError("The store of plugins could not be put in order: {Reason}", exception.Message);
        }

        _installed = store.All().ToDictionary(plugin => plugin.Id);
    }

    /// <summary>Whether a plugin that came with the server is loaded along with the others.</summary>
    /// <param name="folder">Where it is.</param>
    /// <param name="manifest">What it says.</param>
    /// <exception cref="PluginRejectedException">It may not be started.</exception>
    public bool LoadsNow(string folder, PluginManifest manifest)
    {
        if (!_builtIns.TryAdd(manifest.Id, new BuiltInPlugin(folder, manifest)))
        {
            throw new PluginRejectedException("another plugin has the same id");
        }

        if (_installed.GetValueOrDefault(manifest.Id) is { } installed && (!installed.Enabled || GivesWay(manifest, installed)))
        {
            return false;
        }

        RefuseQuarantined(manifest.Id, manifest.Version);
        return !_suspects.Contains(manifest.Id);
    }

    /// <summary>Starts what is left: first those of which one ended the last process, each alone, then those of the store.</summary>
    public async Task StartAsync(PluginHost host, CancellationToken cancellationToken)
    {
        foreach (var builtIn in _builtIns.Values.Where(plugin => _suspects.Contains(plugin.Manifest.Id) && !_installed.ContainsKey(plugin.Manifest.Id)))
        {
            await TryAsync(host, builtIn.Manifest.Version, builtIn.Folder, builtIn.Manifest, isIsolated: false, cancellationToken);
        }

        foreach (var lost in _installed.Values.Where(plugin => plugin is { Enabled: true, Current: not null } && ManifestOf(plugin.Id, plugin.Current) is null))
        {
            await TryRestoreAsync(lost.Id, lost.Current!, cancellationToken);
        }

        foreach (var plugin in InOrder(_installed.Values.Where(plugin => plugin is { Enabled: true, Current: not null })))
        {
            if (!_builtIns.TryGetValue(plugin.Id, out var builtIn) || GivesWay(builtIn.Manifest, plugin))
            {
                await StartAsync(host, plugin, cancellationToken);
            }
        }
    }

    private bool GivesWay(PluginManifest builtIn, InstalledPlugin installed) =>
        installed.Current is { } current && ManifestOf(installed.Id, current) is { } manifest && manifest.SemVer.CompareTo(builtIn.SemVer) >= 0;

    private async Task StartAsync(PluginHost host, InstalledPlugin plugin, CancellationToken cancellationToken)
    {
        var (failure, isFinal) = await TryAsync(host, plugin, plugin.Current!, cancellationToken);
        if (failure is null)
        {
            if (plugin.FailedStarts > 0)
            {
                store.Save(plugin with { FailedStarts = 0 });
            }

            return;
        }

        plugin = plugin with { FailedStarts = plugin.FailedStarts + 1 };
        store.Save(plugin);
        if (!isFinal && plugin.FailedStarts < MostFailedStarts)
        {
            return;
        }

        if (plugin.Previous is { } previous && store.QuarantineOf(plugin.Id, previous) is null)
        {
            await FallBackAsync(host, plugin, previous, cancellationToken);
        }
        else if (_builtIns.TryGetValue(plugin.Id, out var builtIn) && store.QuarantineOf(plugin.Id, builtIn.Manifest.Version) is null)
        {
            await TryAsync(host, builtIn.Manifest.Version, builtIn.Folder, builtIn.Manifest, isIsolated: false, cancellationToken);
        }
    }

    private async Task FallBackAsync(PluginHost host, InstalledPlugin plugin, string previous, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var failed = plugin.Current!;
        if (store.QuarantineOf(plugin.Id, failed) is null)
        {
            store.PutInQuarantine(new PluginQuarantine(plugin.Id, failed, "plugin.failedStarts", now));
        }

        logger.LogError("The plugin {Plugin} {Version} could not be started; {Previous} takes its place", plugin.Id, failed, previous);
        var operation = log.Begin(new PluginOperation
        {
            Id = Guid.CreateVersion7(now),
            Kind = PluginOperationKind.Recover,
            PluginId = plugin.Id,
            Version = VersionOf(previous),
            FromVersion = VersionOf(failed),
            StartedAt = now,
        });
        plugin = plugin with { Current = previous, Previous = null, FailedStarts = 0 };
        store.Save(plugin);
        var (failure, _) = await TryAsync(host, plugin, previous, cancellationToken);
        log.End(operation.Id, failure is null ? PluginOutcome.Done : PluginOutcome.Failed, new PluginRefusal(store.QuarantineOf(plugin.Id, failed)!.Code, new Dictionary<string, string>()));
    }

    // Final: to try once more would not help.
    private async Task<(string? Failure, bool IsFinal)> TryAsync(PluginHost host, InstalledPlugin plugin, string version, CancellationToken cancellationToken)
    {
        var folder = store.Folders.VersionFolder(plugin.Id, version);
        PluginManifest? manifest = null;
        try
        {
            manifest = ManifestOf(plugin.Id, version);
            RefuseQuarantined(plugin.Id, version);
            manifest = await WholeAsync(plugin.Id, version, folder, cancellationToken);
        }
        catch (Exception exception) when (exception is PluginRejectedException or IOException or UnauthorizedAccessException)
        {
            host.Refuse(plugin.Id, manifest, exception.Message);
            return (exception.Message, true);
        }

        if ((Distrust(plugin, manifest, version) ?? Lacking(host, manifest)) is { } reason)
        {
            host.Refuse(plugin.Id, manifest, reason);
            return (null, false);
        }

        return (await TryAsync(host, version, folder, manifest, isolation.Isolates(manifest, trust.LevelOf(manifest), plugin.AcceptsInProcess), cancellationToken), false);
    }

    private async Task<string?> TryAsync(PluginHost host, string version, string folder, PluginManifest manifest, bool isIsolated, CancellationToken cancellationToken)
    {
        using var mark = culprits.MarkStart(manifest.Id, version);
        try
        {
            await host.ActivateAsync(folder, manifest, isIsolated, _ => { }, cancellationToken);
            return null;
        }
        catch (PluginRejectedException exception)
        {
            return exception.Message;
        }
    }

    private async Task<PluginManifest> WholeAsync(string id, string version, string folder, CancellationToken cancellationToken)
    {
        try
        {
            return StoredFiles.Check(folder);
        }
        catch (Exception exception) when (exception is PluginRejectedException or IOException)
        {
            if (await TryRestoreAsync(id, version, cancellationToken))
            {
                return StoredFiles.Check(folder);
            }

            throw;
        }
    }

    private Task<bool> TryRestoreAsync(string id, string version, CancellationToken cancellationToken) =>
        Restore?.Invoke(id, version, cancellationToken) ?? Task.FromResult(false);

    private void RefuseQuarantined(string id, string version)
    {
        if (store.QuarantineOf(id, version) is { } quarantine)
        {
            throw new PluginRejectedException(quarantine.Code == "plugin.failedStarts" ? "it failed too often" : "it ended the server's process, and is in quarantine until it is enabled");
        }
    }

    private string? Distrust(InstalledPlugin plugin, PluginManifest manifest, string version)
    {
        try
        {
            trust.RefuseRevoked(manifest.Key, DigestOf(version));
            return trust.LevelOf(manifest) < plugin.Level && !plugin.AcceptsInProcess ? "its publisher is no longer trusted" : null;
        }
        catch (RejectedException)
        {
            return "it was taken back by its publisher, or its publisher's key was";
        }
    }

    private static string? Lacking(PluginHost host, PluginManifest manifest) =>
        manifest.Dependencies.FirstOrDefault(dependency => !host.Plugins.Any(other =>
            other.Id == dependency.Id && other is { State: PluginState.Active, Manifest: not null } && dependency.IsMetBy(other.Manifest.SemVer))) is { } lacking
            ? $"it needs {lacking.Id} {lacking.Version}, which does not serve"
            : null;

    // Those that others need come first. A circle cannot be installed; one made by hand ends where it began.
    private IEnumerable<InstalledPlugin> InOrder(IEnumerable<InstalledPlugin> plugins)
    {
        var byId = plugins.ToDictionary(plugin => plugin.Id);
        var ordered = new List<InstalledPlugin>();
        var seen = new HashSet<string>();
        foreach (var id in byId.Keys.Order(StringComparer.Ordinal))
        {
            Visit(id);
        }

        return ordered;

        void Visit(string id)
        {
            if (byId.TryGetValue(id, out var plugin) && seen.Add(id))
            {
                foreach (var dependency in ManifestOf(id, plugin.Current!)?.Dependencies ?? [])
                {
                    Visit(dependency.Id);
                }

                ordered.Add(plugin);
            }
        }
    }

    private PluginManifest? ManifestOf(string id, string version)
    {
        try
        {
            return store.ManifestOf(id, version);
        }
        catch (Exception exception) when (exception is RejectedException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    internal static string VersionOf(string folderName) => folderName[..folderName.LastIndexOf('-')];

    /// <summary>The beginning of the digest of a version's package.</summary>
    internal static string DigestOf(string folderName) => folderName[(folderName.LastIndexOf('-') + 1)..];
}

/// <summary>A plugin that came with the server.</summary>
/// <param name="Folder">Where it is.</param>
/// <param name="Manifest">What it says.</param>
internal sealed record BuiltInPlugin(string Folder, PluginManifest Manifest);
