using System.Collections.Frozen;
using Microsoft.Extensions.Logging;

namespace Calango.Core.Plugins;

/// <summary>Loads the plugins and keeps them. Thread-safe.</summary>
public sealed class PluginHost(CoreOptions options, ILoggerFactory loggers) : IAsyncDisposable
{
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(5);

    private readonly ILogger _log = loggers.CreateLogger<PluginHost>();
    private readonly List<PluginSlot> _slots = [];
    private FrozenDictionary<string, PluginSlot> _slotsByProvider = FrozenDictionary<string, PluginSlot>.Empty;

    /// <summary>Every plugin that was found, whether or not it could be loaded.</summary>
    public IReadOnlyList<PluginStatus> Plugins { get; private set; } = [];

    /// <summary>The providers that serve, in the order of their plugins' folders.</summary>
    public IReadOnlyList<ProviderInfo> Providers { get; private set; } = [];

    /// <summary>Where events can go, in the order of the plugins' folders.</summary>
    public IReadOnlyList<SinkInfo> Sinks { get; private set; } = [];

    /// <summary>Loads each plugin of the plugins folder, all at once. One that fails is recorded and stops nothing. Called once, before the server serves.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var loader = new PluginLoader(new PluginServices(options, loggers), options.PluginLoadLimit);
        string[] folders = Directory.Exists(options.PluginsFolder) ? [.. Directory.GetDirectories(options.PluginsFolder).Order(StringComparer.Ordinal)] : [];
        Take(await Task.WhenAll(folders.Select(folder => LoadAsync(folder, loader))).WaitAsync(cancellationToken));
    }

    /// <summary>A provider that serves; null: there is none with this id.</summary>
    public ProviderInfo? FindProvider(string providerId) => Providers.FirstOrDefault(provider => provider.Id == providerId);

    /// <summary>The places of the plugins that serve.</summary>
    internal IReadOnlyList<PluginSlot> Slots => _slots;

    /// <summary>A lease of the plugin that has a provider; null: none serves.</summary>
    internal PluginLease? LeaseProvider(string providerId) => _slotsByProvider.GetValueOrDefault(providerId)?.TryLease();

    /// <summary>A lease of the plugin that runs local models; null: none does.</summary>
    internal PluginLease? LeaseLocalModels() => _slots.FirstOrDefault(slot => slot.Current?.LocalModels is not null)?.TryLease();

    /// <summary>A lease of a plugin that has a sink; null: it doesn't serve, or has none.</summary>
    internal PluginLease? LeaseSink(string pluginId) => _slots.FirstOrDefault(slot => slot.PluginId == pluginId && slot.Current?.EventSink is not null)?.TryLease();

    /// <summary>Forgets the clients made from a connection's settings that changed.</summary>
    internal void DropClients(Guid connectionVersion) => _slots.ForEach(slot => slot.Current?.Clients.Drop(connectionVersion));

    /// <summary>Stops all plugins and what they started, for good: their code stays in memory until the process ends.</summary>
    public async ValueTask DisposeAsync() =>
        await Task.WhenAll(_slots.Select(slot => slot.Exchange(null)).OfType<PluginGeneration>().Select(generation => generation.StopForExitAsync(StopLimit)));

    private async Task<Loaded?> LoadAsync(string folder, PluginLoader loader)
    {
        PluginManifest? manifest = null;
        try
        {
            manifest = PluginManifest.Read(folder);
            return manifest.Hidden && !options.LoadHiddenPlugins ? null : new Loaded(manifest.Id, manifest, await loader.LoadAsync(folder, manifest), null);
        }
        catch (PluginRejectedException exception)
        {
            return new Loaded(manifest?.Id ?? Path.GetFileName(folder), manifest, null, exception.Message);
        }
    }

    private void Take(IEnumerable<Loaded?> results)
    {
        var plugins = new List<PluginStatus>();
        var providers = new Dictionary<string, (PluginSlot Slot, ProviderInfo Info)>();
        foreach (var result in results.OfType<Loaded>())
        {
            var reason = result.Reason ?? Conflict(result.Generation!, providers.Keys);
            plugins.Add(new PluginStatus(result.Id, result.Manifest, reason is null ? PluginState.Active : PluginState.Failed, reason));
            if (reason is not null)
            {
                _log.LogError("The plugin {Plugin} was not loaded: {Reason}", result.Id, reason);
                _ = result.Generation?.StopAsync(TimeSpan.Zero);
                continue;
            }

            var slot = new PluginSlot(result.Id);
            slot.Exchange(result.Generation);
            _slots.Add(slot);
            foreach (var provider in result.Generation!.Providers)
            {
                providers.Add(provider.Info.Id, (slot, provider.Info));
            }
        }

        Plugins = plugins;
        Providers = [.. providers.Values.Select(provider => provider.Info)];
        Sinks = [.. _slots.Select(slot => slot.Current?.EventSink?.Info).OfType<SinkInfo>()];
        _slotsByProvider = providers.ToFrozenDictionary(provider => provider.Key, provider => provider.Value.Slot);
    }

    private string? Conflict(PluginGeneration generation, IReadOnlyCollection<string> providers) =>
        _slots.Any(slot => slot.PluginId == generation.Manifest.Id) ? "another plugin has the same id"
        : generation.Providers.FirstOrDefault(provider => providers.Contains(provider.Info.Id)) is { } taken ? $"another plugin has the provider '{taken.Info.Id}'"
        : null;

    private sealed record Loaded(string Id, PluginManifest? Manifest, PluginGeneration? Generation, string? Reason);
}
