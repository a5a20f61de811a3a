using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Calango.Core.Plugins;

/// <summary>Which plugins serve with what, at one moment. Immutable.</summary>
internal sealed class PluginRoster
{
    private readonly FrozenDictionary<string, PluginSlot> _byProvider;

    public PluginRoster(ImmutableList<PluginSlot> slots)
    {
        Slots = slots;
        var current = slots.Select(slot => (Slot: slot, Generation: slot.Current)).Where(serving => serving.Generation is not null).ToList();
        var providers = current.SelectMany(serving => serving.Generation!.Providers.Select(provider => (serving.Slot, provider.Info))).ToList();
        _byProvider = providers.ToFrozenDictionary(provider => provider.Info.Id, provider => provider.Slot);
        Providers = [.. providers.Select(provider => provider.Info)];
        Sinks = [.. current.Select(serving => serving.Generation!.EventSink?.Info).OfType<SinkInfo>()];
        ToolSources = [.. current.Select(serving => serving.Generation!.ToolSource?.Info).OfType<ToolSourceInfo>()];
        BlobStores = [.. current.Select(serving => serving.Generation!.BlobStore?.Info).OfType<BlobStoreInfo>()];
        PassageIndexes = [.. current.Select(serving => serving.Generation!.PassageIndex?.Info).OfType<PassageIndexInfo>()];
    }

    /// <summary>The places of all plugins, whether or not they serve.</summary>
    public ImmutableList<PluginSlot> Slots { get; }

    public IReadOnlyList<ProviderInfo> Providers { get; }

    public IReadOnlyList<SinkInfo> Sinks { get; }

    public IReadOnlyList<ToolSourceInfo> ToolSources { get; }

    public IReadOnlyList<BlobStoreInfo> BlobStores { get; }

    public IReadOnlyList<PassageIndexInfo> PassageIndexes { get; }

    public PluginSlot? WithProvider(string providerId) => _byProvider.GetValueOrDefault(providerId);

    /// <summary>Why a generation cannot serve beside the others; null: it can.</summary>
    public string? ConflictOf(PluginGeneration next) => next.Providers
        .FirstOrDefault(provider => WithProvider(provider.Info.Id) is { } slot && slot.PluginId != next.Manifest.Id) is { } taken
            ? $"another plugin has the provider '{taken.Info.Id}'"
            : null;
}
