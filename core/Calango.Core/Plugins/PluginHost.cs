using Calango.Core.Localization;
using Microsoft.Extensions.Logging;

namespace Calango.Core.Plugins;

/// <summary>
/// Loads the plugins, keeps them, and swaps and removes them while they are used: new calls go to the new code, those
/// that run end with the old. Thread-safe.
/// </summary>
public sealed class PluginHost : IAsyncDisposable
{
    private static readonly TimeSpan DrainAtExitLimit = TimeSpan.FromSeconds(5), EndAtExitLimit = TimeSpan.FromSeconds(10);

    private readonly ILogger _log;
    private readonly IsolationServices _isolation;
    private readonly PluginLoader _loader;
    private readonly PluginRetirement _retirement;
    private readonly PluginPlaces _places = new();
    private readonly Locales _locales;
    private readonly PluginBoot _boot;
    private readonly Culprits _culprits;
    private readonly BuiltInLoader _builtIns;

    /// <summary>Makes it; <see cref="StartAsync"/> loads.</summary>
    internal PluginHost(CoreOptions options, Locales locales, ILoggerFactory loggers, TimeProvider clock, PluginBoot boot, Culprits culprits, Sandbox sandbox)
    {
        (_locales, _boot, _culprits, _log) = (locales, boot, culprits, loggers.CreateLogger<PluginHost>());
        _isolation = new IsolationServices(options, sandbox, loggers, clock);
        _loader = new PluginLoader(new ServerServices(options, loggers, clock), _isolation, options.PluginLoadLimit);
        _builtIns = new BuiltInLoader(options, _loader, boot, culprits);
        _retirement = new PluginRetirement(() => Changed?.Invoke());
    }

    /// <summary>Raised after a plugin's state or what can be used has changed.</summary>
    public event Action? Changed;

    /// <summary>Every plugin that was found, whether or not it could be loaded, as it stands now.</summary>
    public IReadOnlyList<PluginStatus> Plugins => [.. _places.Roster.Slots.Select(slot => slot.Describe())];

    /// <summary>The providers that serve, in the order of their plugins. The same list object as before, where nothing changed since.</summary>
    public IReadOnlyList<ProviderInfo> Providers => _places.Roster.Providers;

    /// <summary>Where events can go, in the order of the plugins.</summary>
    public IReadOnlyList<SinkInfo> Sinks => _places.Roster.Sinks;

    /// <summary>Where tools come from, in the order of the plugins.</summary>
    public IReadOnlyList<ToolSourceInfo> ToolSources => _places.Roster.ToolSources;

    /// <summary>Where blobs can be kept, in the order of the plugins.</summary>
    public IReadOnlyList<BlobStoreInfo> BlobStores => _places.Roster.BlobStores;

    /// <summary>Where passages can be found by their vectors, in the order of the plugins.</summary>
    public IReadOnlyList<PassageIndexInfo> PassageIndexes => _places.Roster.PassageIndexes;

    /// <summary>The plugins that keep files: none of them is taken away.</summary>
    internal IReadOnlySet<string> Keepers { get; set; } = new HashSet<string>();

    /// <summary>Has the next start know which plugin ended this process: its standard error goes through another one that keeps it. For a server of its own.</summary>
    public void WatchProcess() => _culprits.Watch();

    /// <summary>
    /// Loads each plugin of the plugins folder, all at once, then those of the store. One that fails is recorded and stops
    /// nothing. Called once, before the server serves.
    /// </summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        PluginCrashes.Watch();
        PluginCrashes.RanOut += _culprits.MarkWhoRanOut;
        AppDomain.CurrentDomain.ProcessExit += OnExit;
        _boot.Begin();
        foreach (var found in await _builtIns.LoadAsync().WaitAsync(cancellationToken))
        {
            Take(found);
        }

        await _boot.StartAsync(this, cancellationToken);
        Changed?.Invoke();
    }

    /// <summary>
    /// Puts a plugin into service from its folder, in the place of the version that serves, if one does. Returns once new
    /// calls go to it; the version before ends in the background, once its calls have.
    /// </summary>
    /// <param name="folder">Its files.</param>
    /// <param name="manifest">Read from there.</param>
    /// <param name="isIsolated">Whether it runs in a process of its own.</param>
    /// <param name="report">Told each step as it begins and ends, those in the background too; must not throw.</param>
    /// <param name="cancellationToken">Gives up, as long as it doesn't serve.</param>
    /// <exception cref="PluginRejectedException">It cannot serve, with the reason. The version before still does.</exception>
    public Task ActivateAsync(string folder, PluginManifest manifest, bool isIsolated, Action<PluginStep> report, CancellationToken cancellationToken) =>
        ActivateAsync(folder, manifest, isIsolated, report, wait => wait(cancellationToken));

    /// <summary>
    /// As the other. Where it must wait, maybe for hours, until an older version has ended what it began, that wait is handed
    /// to <paramref name="aroundWait"/>; what this throws ends the attempt.
    /// </summary>
    internal async Task ActivateAsync(string folder, PluginManifest manifest, bool isIsolated, Action<PluginStep> report, Func<Func<CancellationToken, Task>, Task> aroundWait)
    {
        var slot = _places.SlotOf(manifest.Id);
        try
        {
            var texts = ReadTexts(folder, manifest);
            var next = await _loader.LoadCheckedAsync(folder, manifest, isIsolated, step => { Follow(slot, step); report(step); });
            await ServeAsync(slot, next, report, aroundWait);
            _locales.Use(texts);
            slot.Known = (manifest, null);
        }
        catch (PluginRejectedException rejected)
        {
            _log.LogError("The plugin {Plugin} {Version} was not loaded: {Reason}", manifest.Id, manifest.Version, rejected.Message);
            slot.Known = (slot.Known.Manifest ?? manifest, rejected.Message);
            throw;
        }
        finally
        {
            slot.Coming = null;
            Changed?.Invoke();
        }
    }

    /// <summary>
    /// Takes a plugin out of service at once: it gets no new calls. Those that run come to their end, or are cut where it
    /// must be gone <paramref name="now"/>. Returns when it has ended, with the turns that were stopped.
    /// </summary>
    /// <param name="pluginId">The plugin; one that doesn't serve is fine.</param>
    /// <param name="now">Whether calls that run are cut, those of versions that were replaced before too.</param>
    /// <param name="report">Told each step as it begins and ends; must not throw.</param>
    /// <param name="cancellationToken">Ends the waiting; the plugin ends all the same.</param>
    public async Task<IReadOnlyList<Guid>> DeactivateAsync(string pluginId, bool now, Action<PluginStep> report, CancellationToken cancellationToken)
    {
        if (_places.Find(pluginId) is not { } slot)
        {
            return [];
        }

        var old = _places.Exchange(slot, null);
        var ending = old is null ? Task.CompletedTask : _retirement.RetireAsync(slot, old, hasPlace: false, report);
        Changed?.Invoke();
        var stopped = now ? await PluginRetirement.CutAsync(slot) : [];
        await ending.WaitAsync(cancellationToken);
        return stopped;
    }

    /// <summary>Shows a plugin that may not be started, and why.</summary>
    internal void Refuse(string pluginId, PluginManifest? manifest, string reason)
    {
        _log.LogError("The plugin {Plugin} was not started: {Reason}", pluginId, reason);
        _places.SlotOf(pluginId).Known = (manifest, reason);
    }

    /// <summary>A provider that serves; null: there is none with this id.</summary>
    public ProviderInfo? FindProvider(string providerId) => Providers.FirstOrDefault(provider => provider.Id == providerId);

    /// <summary>The places of the plugins.</summary>
    internal IReadOnlyList<PluginSlot> Slots => _places.Roster.Slots;

    /// <summary>Whether a plugin that runs local models serves.</summary>
    internal bool RunsLocalModels => Slots.Any(slot => slot.Current?.LocalModels is not null);

    /// <summary>A lease of the plugin that has a provider; null: none serves.</summary>
    /// <param name="providerId">The provider.</param>
    /// <param name="turnId">The turn that it is for; null: none.</param>
    internal PluginLease? LeaseProvider(string providerId, Guid? turnId = null) =>
        Lease(_places.Roster.WithProvider(providerId), turnId, generation => generation.Providers.Any(provider => provider.Info.Id == providerId));

    /// <summary>A lease of the plugin that runs local models; null: none does.</summary>
    /// <param name="turnId">The turn that it is for; null: none.</param>
    internal PluginLease? LeaseLocalModels(Guid? turnId = null) =>
        Lease(Slots.FirstOrDefault(slot => slot.Current?.LocalModels is not null), turnId, generation => generation.LocalModels is not null);

    /// <summary>A lease of a plugin that has a sink; null: it doesn't serve, or has none.</summary>
    internal PluginLease? LeaseSink(string pluginId) => Lease(_places.Find(pluginId), null, generation => generation.EventSink is not null);

    /// <summary>A lease of a plugin that has tools; null: it doesn't serve, or has none.</summary>
    internal PluginLease? LeaseTools(string pluginId, Guid? turnId = null) => Lease(_places.Find(pluginId), turnId, generation => generation.ToolSource is not null);

    /// <summary>A lease of a plugin that keeps blobs; null: it doesn't serve, or keeps none.</summary>
    internal PluginLease? LeaseBlobs(string pluginId) => Lease(_places.Find(pluginId), null, generation => generation.BlobStore is not null);

    /// <summary>A lease of a plugin that has an index of passages; null: it doesn't serve, or has none.</summary>
    internal PluginLease? LeaseIndex(string pluginId) => Lease(_places.Find(pluginId), null, generation => generation.PassageIndex is not null);

    /// <summary>Forgets the clients made from a connection's settings that changed.</summary>
    internal void DropClients(Guid connectionVersion) => _places.Roster.Slots.ForEach(slot => slot.Current?.Clients.Drop(connectionVersion));

    /// <summary>Stops all plugins and what they started, for good: their code stays in memory until the process ends.</summary>
    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(Slots.SelectMany(slot => slot.Others.Append(slot.Exchange(null)).OfType<PluginGeneration>())
            .Select(generation => generation.StopForExitAsync(DrainAtExitLimit, EndAtExitLimit)));
        AppDomain.CurrentDomain.ProcessExit -= OnExit;
        await _isolation.DisposeAsync();
        PluginCrashes.RanOut -= _culprits.MarkWhoRanOut;
        _culprits.EndWell();
    }

    // The slot may have got another generation since it was looked up, and that one may not have what is wanted.
    private static PluginLease? Lease(PluginSlot? slot, Guid? turnId, Func<PluginGeneration, bool> has)
    {
        var lease = slot?.TryLease(turnId);
        if (lease is not null && !has(lease.Generation))
        {
            lease.Dispose();
            return null;
        }

        return lease;
    }

    // Whoever ends the server well has disposed this by then.
    private void OnExit(object? sender, EventArgs arguments) => _culprits.MarkWhoExits();

    private void Follow(PluginSlot slot, PluginStep step)
    {
        if (step.Took is null)
        {
            slot.Coming = new PluginGenerationStatus(step.Version, step.Name == PluginStepName.Load ? PluginState.Loading : PluginState.Starting, 0);
            Changed?.Invoke();
        }
    }

    private async Task ServeAsync(PluginSlot slot, PluginGeneration next, Action<PluginStep> report, Func<Func<CancellationToken, Task>, Task> aroundWait)
    {
        var steps = new PluginSteps(next.Manifest, report);
        steps.Begin(PluginStepName.Activate);
        var hasPlace = false;
        PluginGeneration? old;
        try
        {
            while (!_places.TryExchange(slot, next, hasPlace, out old))
            {
                if (!(hasPlace = slot.TryTakePlace()))
                {
                    steps.Wait($"it waits: {PluginSlot.MostDraining} older versions still end what they began");
                    await aroundWait(async token =>
                    {
                        await slot.TakePlaceAsync(token);
                        hasPlace = true;
                    });
                    steps.Wait(null);
                }
            }
        }
        catch (Exception exception)
        {
            steps.End(exception is PluginRejectedException ? exception.Message : "it was given up");
            slot.Add(next);
            _ = _retirement.RetireAsync(slot, next, hasPlace, _ => { });
            throw;
        }

        steps.End(null);
        next.GaveUp += reason => GiveUp(slot, next, reason);
        if (old is not null)
        {
            _ = _retirement.RetireAsync(slot, old, hasPlace, report);
        }
        else if (hasPlace)
        {
            slot.GivePlaceBack();
        }
    }

    private void GiveUp(PluginSlot slot, PluginGeneration generation, string reason)
    {
        if (!_places.TryTakeOut(slot, generation))
        {
            return;
        }

        _log.LogError("The plugin {Plugin} {Version} serves no longer: {Reason}", generation.Manifest.Id, generation.Manifest.Version, reason);
        slot.Known = (generation.Manifest, reason);
        _ = _retirement.RetireAsync(slot, generation, hasPlace: false, _ => { });
        Changed?.Invoke();
    }

    private void Take(LoadedPlugin found)
    {
        var reason = found.Reason ?? _places.ConflictOf(found.Generation!);
        if (reason is not null)
        {
            _log.LogError("The plugin {Plugin} was not loaded: {Reason}", found.Id, reason);
            _ = found.Generation?.StopAsync(TimeSpan.Zero);
        }

        _places.Add(new PluginSlot(found.Id) { Known = (found.Manifest, reason) }, reason is null ? found.Generation : null);
    }

    private PluginTexts ReadTexts(string folder, PluginManifest manifest)
    {
        try
        {
            return _locales.Read(manifest.Id, folder);
        }
        catch (LocaleException exception)
        {
            throw new PluginRejectedException(exception.Message);
        }
    }
}
