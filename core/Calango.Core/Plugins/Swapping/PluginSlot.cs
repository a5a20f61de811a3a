using System.Collections.Immutable;

namespace Calango.Core.Plugins;

/// <summary>The place of one plugin id: holds the generation that takes new calls, and those that still end. Thread-safe.</summary>
internal sealed class PluginSlot(string pluginId)
{
    /// <summary>How many replaced generations may wait for their last calls at once: each has its code and its objects in memory.</summary>
    public const int MostDraining = 4;

    private readonly SemaphoreSlim _places = NewPlaces();
    private PluginGeneration? _current;
    private ImmutableList<PluginGeneration> _others = [];
    private (long Calls, long Turns) _before;

    public string PluginId { get; } = pluginId;

    public PluginGeneration? Current => Volatile.Read(ref _current);

    /// <summary>What was last known of it: its manifest, and why it could not be loaded.</summary>
    public (PluginManifest? Manifest, string? Reason) Known { get; set; }

    /// <summary>The version that is being loaded or started; null: none.</summary>
    public PluginGenerationStatus? Coming { get; set; }

    /// <summary>Those that were replaced and are not gone yet.</summary>
    public ImmutableList<PluginGeneration> Others => Volatile.Read(ref _others);

    /// <summary>Takes a place for one more generation to drain; false: there is none yet.</summary>
    public bool TryTakePlace() => _places.Wait(0, CancellationToken.None);

    /// <summary>Waits until there is such a place, and takes it.</summary>
    public Task TakePlaceAsync(CancellationToken cancellationToken) => _places.WaitAsync(cancellationToken);

    public void GivePlaceBack() => _places.Release();

    /// <summary>Sends new calls to another generation and returns the one before, which still has its leases.</summary>
    public PluginGeneration? Exchange(PluginGeneration? next) => Interlocked.Exchange(ref _current, next);

    public void Add(PluginGeneration other) => ImmutableInterlocked.Update(ref _others, (all, one) => all.Add(one), other);

    /// <summary>Keeps of a generation no more than how often it was called.</summary>
    public void Forget(PluginGeneration ended)
    {
        if (ImmutableInterlocked.Update(ref _others, (all, one) => all.Remove(one), ended))
        {
            Interlocked.Add(ref _before.Calls, ended.Calls.Count);
            Interlocked.Add(ref _before.Turns, ended.Calls.TurnCount);
        }
    }

    /// <summary>A lease of the current generation; null: there is none.</summary>
    /// <param name="turnId">The turn that it is for; null: none.</param>
    public PluginLease? TryLease(Guid? turnId = null)
    {
        while (Current is { } generation)
        {
            if (generation.TryEnter())
            {
                return new PluginLease(generation, turnId);
            }

            if (ReferenceEquals(generation, Current))
            {
                return null;
            }
        }

        return null;
    }

    public PluginStatus Describe()
    {
        var (current, coming, others) = (Current, Coming, Others);
        foreach (var gone in others.Where(generation => generation.State == PluginState.Unloaded))
        {
            Forget(gone);
        }

        var living = others.Where(generation => generation.State != PluginState.Unloaded).ToList();
        var all = current is null ? living : [current, .. living];
        return new PluginStatus(PluginId, current?.Manifest ?? Known.Manifest, StateOf(current, coming, living), Known.Reason)
        {
            Calls = Interlocked.Read(ref _before.Calls) + all.Sum(generation => generation.Calls.Count),
            Turns = Interlocked.Read(ref _before.Turns) + all.Sum(generation => generation.Calls.TurnCount),
            Running = current?.Running ?? 0,
            LastError = current?.Calls.LastError,
            ProcessMemoryBytes = current?.ProcessMemoryBytes,
            Others =
            [
                .. living.Select(generation => new PluginGenerationStatus(generation.Manifest.Version, generation.State, generation.Running)),
                .. coming is null ? Array.Empty<PluginGenerationStatus>() : [coming],
            ],
        };
    }

    // Nobody asks for its wait handle, so there is nothing to dispose; one that ends after all others may still give its place back.
    private static SemaphoreSlim NewPlaces() => new(MostDraining);

    private PluginState StateOf(PluginGeneration? current, PluginGenerationStatus? coming, List<PluginGeneration> others) =>
        current is not null ? PluginState.Active
        : coming is not null ? coming.State
        : Known.Reason is not null ? PluginState.Failed
        : others.LastOrDefault(generation => generation.State is not PluginState.Zombie) is { } last ? last.State
        : others.Count > 0 ? PluginState.Zombie
        : PluginState.Unloaded;
}
