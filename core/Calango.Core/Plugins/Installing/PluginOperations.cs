using System.Collections.Concurrent;
using Calango.Core.Errors;
using Microsoft.Extensions.Logging;

namespace Calango.Core.Plugins;

/// <summary>
/// Carries out what was asked for, one thing at a time, and tells each step. What decides is one write of the plugin's
/// state: before it there is the old, after it the new, whenever the process ends.
/// </summary>
internal sealed class PluginOperations(
    PluginStore store, PackageInspector inspector, PluginTrust trust, IsolationPolicy isolation, PluginHost host, PluginBoot boot, Culprits culprits, OperationLog log, TimeProvider clock, ILogger<PluginOperations> logger)
{
    // Those that wait without the lock, by plugin.
    private readonly ConcurrentDictionary<string, StoreHold> _waiting = new();

    public PluginOperation Install(string path, PackageInspection inspected, PluginConsent consent, Guid? by)
    {
        var manifest = inspected.Manifest;
        var before = store.Find(manifest.Id);
        var kind = before?.Current is null ? PluginOperationKind.Install : PluginOperationKind.Update;
        return Begin(kind, manifest.Id, manifest.Version, before, by, withData: false, async (id, hold) =>
        {
            using var package = Do(id, PluginOperationStepName.Verify, manifest.Version, () => Verify(path, consent));
            Do(id, PluginOperationStepName.Preflight, manifest.Version, () => inspector.Preflight(package));
            var folder = Do(id, PluginOperationStepName.Stage, manifest.Version, () => store.Stage(package));
            store.ReleaseFromQuarantine(manifest.Id, package.FolderName);
            await ActivateAsync(id, folder, package.FolderName, manifest, isolation.Isolates(manifest, consent.Level, consent.AcceptsInProcess), hold);
            store.Save(new InstalledPlugin
            {
                Id = manifest.Id,
                Current = package.FolderName,
                Previous = before?.Current == package.FolderName ? before.Previous : before?.Current,
                Publisher = manifest.Publisher!,
                Key = manifest.Key,
                Level = consent.Level,
                AcceptsInProcess = consent.AcceptsInProcess,
                Catalog = consent.Catalog,
            });
            store.KeepPackage(path, manifest.Id, package.Digest);
        });
    }

    public PluginOperation RollBack(InstalledPlugin plugin, string previous, Guid? by)
    {
        var manifest = store.ManifestOf(plugin.Id, previous);
        return Begin(PluginOperationKind.RollBack, plugin.Id, manifest.Version, plugin, by, withData: false, async (id, hold) =>
        {
            var folder = store.Folders.VersionFolder(plugin.Id, previous);
            Do(id, PluginOperationStepName.Verify, manifest.Version, () => StoredFiles.Check(folder));
            store.ReleaseFromQuarantine(plugin.Id, previous);
            await ActivateAsync(id, folder, previous, manifest, Isolates(plugin, manifest), hold);
            store.Save(plugin with { Current = previous, Previous = plugin.Current, Enabled = true, FailedStarts = 0 });
        });
    }

    public PluginOperation Enable(InstalledPlugin plugin, string current, Guid? by)
    {
        var manifest = store.ManifestOf(plugin.Id, current);
        return Begin(PluginOperationKind.Enable, plugin.Id, manifest.Version, plugin, by, withData: false, async (id, hold) =>
        {
            var folder = store.Folders.VersionFolder(plugin.Id, current);
            Do(id, PluginOperationStepName.Verify, manifest.Version, () => StoredFiles.Check(folder));
            store.ReleaseFromQuarantine(plugin.Id, current);
            await ActivateAsync(id, folder, current, manifest, Isolates(plugin, manifest), hold);
            store.Save(plugin with { Enabled = true, FailedStarts = 0 });
        });
    }

    public PluginOperation Enable(BuiltInPlugin plugin, Guid? by) =>
        Begin(PluginOperationKind.Enable, plugin.Manifest.Id, plugin.Manifest.Version, null, by, withData: false, async (id, hold) =>
        {
            store.ReleaseFromQuarantine(plugin.Manifest.Id, plugin.Manifest.Version);
            await ActivateAsync(id, plugin.Folder, plugin.Manifest.Version, plugin.Manifest, isIsolated: false, hold);
            store.Forget(plugin.Manifest.Id);
        });

    public PluginOperation Disable(InstalledPlugin plugin, bool now, Guid? by) =>
        Begin(PluginOperationKind.Disable, plugin.Id, CurrentVersionOf(plugin), plugin, by, withData: false, (_, _) =>
        {
            store.Save(plugin with { Enabled = false });
            return Task.CompletedTask;
        }, async id =>
        {
            await DeactivateAsync(id, plugin.Id, now);
            using var changing = await store.WaitForLockAsync();
            Sweep();
        });

    public PluginOperation Remove(InstalledPlugin plugin, bool withData, bool now, Guid? by) =>
        Begin(PluginOperationKind.Remove, plugin.Id, CurrentVersionOf(plugin), plugin, by, withData, async (id, hold) =>
        {
            if (boot.BuiltIns.TryGetValue(plugin.Id, out var builtIn))
            {
                await ActivateAsync(id, builtIn.Folder, builtIn.Manifest.Version, builtIn.Manifest, isIsolated: false, hold);
            }

            store.Save(plugin with { Current = null, Previous = null });
        }, async id =>
        {
            if (!boot.BuiltIns.ContainsKey(plugin.Id))
            {
                await DeactivateAsync(id, plugin.Id, now);
            }

            using var changing = await store.WaitForLockAsync();
            Do(id, PluginOperationStepName.Remove, CurrentVersionOf(plugin), () => RemoveFiles(plugin.Id, withData));
        });

    /// <summary>What is stored of a built-in plugin that was disabled.</summary>
    public static InstalledPlugin SwitchOf(BuiltInPlugin plugin) => new() { Id = plugin.Manifest.Id, Publisher = "", Level = PluginTrustLevel.BuiltIn };

    private bool RemoveFiles(string id, bool withData)
    {
        Sweep();
        // While it drained, it may have been installed again.
        if (withData && store.Find(id) is { Current: null })
        {
            store.DeleteData(id);
            store.Forget(id);
        }

        return true;
    }

    private PluginPackage Verify(string path, PluginConsent consent)
    {
        var (package, level) = inspector.Verify(path);
        if (package.Digest == consent.Digest && level == consent.Level)
        {
            return package;
        }

        package.Dispose();
        throw new RejectedException("plugin.consent");
    }

    // The lock is taken before anything is looked at, and given back once it is decided: what drains may take hours, and
    // others must not wait for it.
    private PluginOperation Begin(
        PluginOperationKind kind, string pluginId, string version, InstalledPlugin? before, Guid? by, bool withData, Func<Guid, StoreHold, Task> work, Func<Guid, Task>? afterwards = null)
    {
        var changing = store.Lock();
        try
        {
            if (!IsStill(before, pluginId))
            {
                throw new RejectedException("plugin.consent");
            }

            var now = clock.GetUtcNow();
            var operation = log.Begin(new PluginOperation
            {
                Id = Guid.CreateVersion7(now),
                Kind = kind,
                PluginId = pluginId,
                Version = version,
                FromVersion = before?.Current is { } current ? PluginBoot.VersionOf(current) : null,
                By = by,
                StartedAt = now,
                WithData = withData,
            });
            var hold = new StoreHold(store, changing) { Before = _waiting.GetValueOrDefault(pluginId) };
            _ = Task.Run(() => RunAsync(operation.Id, work, hold, afterwards));
            return operation;
        }
        catch
        {
            changing.Dispose();
            throw;
        }
    }

    private bool IsStill(InstalledPlugin? before, string pluginId) => before == store.Find(pluginId) || Same(before, store.Find(pluginId));

    // A built-in plugin's switch is made for the occasion, and is compared with nothing.
    private static bool Same(InstalledPlugin? before, InstalledPlugin? now) =>
        before?.Current == now?.Current && before?.Previous == now?.Previous && (before is null || now is null || before.Level == PluginTrustLevel.BuiltIn || before.Enabled == now.Enabled);

    private async Task RunAsync(Guid id, Func<Guid, StoreHold, Task> work, StoreHold hold, Func<Guid, Task>? afterwards)
    {
        PluginRefusal? failure = null;
        try
        {
            using (hold)
            {
                await hold.OvertakeAsync();
                await work(id, hold);
                if (afterwards is null)
                {
                    Sweep();
                }
            }

            if (afterwards is not null)
            {
                await afterwards(id);
            }
        }
        catch (Exception exception)
        {
            failure = RefusalOf(exception);
            if (failure.Code == "server")
            {
                logger.LogError(exception, "An operation on a plugin failed");
            }
        }

        log.End(id, failure is null ? PluginOutcome.Done : PluginOutcome.Failed, failure);
    }

    private static PluginRefusal RefusalOf(Exception exception) => exception switch
    {
        RejectedException rejected => new(rejected.Code, rejected.Arguments.ToDictionary(argument => argument.Name, argument => argument.Value)),
        PluginRejectedException rejected => new("plugin.rejected", new Dictionary<string, string> { ["reason"] = rejected.Message }),
        IOException => new("storage.full", new Dictionary<string, string>()),
        _ => new("server", new Dictionary<string, string>()),
    };

    private T Do<T>(Guid id, PluginOperationStepName step, string version, Func<T> work)
    {
        log.BeginStep(id, step, version);
        try
        {
            var result = work();
            log.EndStep(id, step, version, PluginOutcome.Done);
            return result;
        }
        catch (Exception exception)
        {
            log.EndStep(id, step, version, PluginOutcome.Failed, exception is RejectedException rejected ? rejected.Code : exception is PluginRejectedException ? exception.Message : exception.GetType().Name);
            throw;
        }
    }

    private bool Isolates(InstalledPlugin plugin, PluginManifest manifest) => isolation.Isolates(manifest, trust.LevelOf(manifest), plugin.AcceptsInProcess);

    private async Task ActivateAsync(Guid id, string folder, string folderName, PluginManifest manifest, bool isIsolated, StoreHold hold)
    {
        var before = store.Find(manifest.Id);
        using var mark = culprits.MarkStart(manifest.Id, folderName);
        await host.ActivateAsync(folder, manifest, isIsolated, step => Report(id, step), async wait =>
        {
            // It has started well: if the process ends from here on, that is not its doing.
            mark.Dispose();
            _waiting[manifest.Id] = hold;
            try
            {
                await hold.WaitWithoutAsync(wait);
            }
            finally
            {
                _waiting.TryRemove(KeyValuePair.Create(manifest.Id, hold));
            }

            // Another process may share the folder.
            if (!IsStill(before, manifest.Id))
            {
                throw new RejectedException("plugin.overtaken");
            }
        });
    }

    private async Task DeactivateAsync(Guid id, string pluginId, bool now)
    {
        var stopped = await host.DeactivateAsync(pluginId, now, step => Report(id, step), CancellationToken.None);
        log.Change(id, operation => operation with { StoppedTurns = stopped });
    }

    private void Report(Guid id, PluginStep step)
    {
        try
        {
            var name = Enum.Parse<PluginOperationStepName>(step.Name.ToString());
            if (step.Took is null)
            {
                log.BeginStep(id, name, step.Version, step.Reason);
            }
            else
            {
                log.EndStep(id, name, step.Version, step.Reason is null ? PluginOutcome.Done : PluginOutcome.Failed, step.Reason);
            }
        }
        catch (IOException exception)
        {
            // The kernel must not stumble over a full disk that only keeps its history.
            logger.LogWarning("A step of a plugin could not be written down: {Reason}", exception.Message);
        }
    }

    // What still drains may load one of its files at any time.
    private void Sweep() => store.Sweep((id, version) => host.Plugins.FirstOrDefault(plugin => plugin.Id == id) is { } plugin
        && (plugin.Others.Any(other => other.Version == PluginBoot.VersionOf(version)) || (plugin.State is PluginState.Draining or PluginState.Stopping)));

    // Of one that came with the server, its own: the store has none.
    private string CurrentVersionOf(InstalledPlugin plugin) =>
        plugin.Current is { } current ? PluginBoot.VersionOf(current) : boot.BuiltIns[plugin.Id].Manifest.Version;
}
