namespace Calango.Core.Plugins;

/// <summary>The places of all plugins: the one way in which what serves changes. Thread-safe.</summary>
internal sealed class PluginPlaces
{
    private readonly Lock _lock = new();
    private volatile PluginRoster _roster = new([]);

    /// <summary>What serves now.</summary>
    public PluginRoster Roster => _roster;

    public PluginSlot? Find(string pluginId) => _roster.Slots.FirstOrDefault(slot => slot.PluginId == pluginId);

    /// <summary>The place of a plugin, made where there is none yet.</summary>
    public PluginSlot SlotOf(string pluginId)
    {
        lock (_lock)
        {
            return Find(pluginId) ?? Add(new PluginSlot(pluginId), null);
        }
    }

    /// <summary>Adds a place, and what serves there, if anything does.</summary>
    public PluginSlot Add(PluginSlot slot, PluginGeneration? serving)
    {
        lock (_lock)
        {
            serving?.State = PluginState.Active;
            slot.Exchange(serving);
            _roster = new PluginRoster(_roster.Slots.Add(slot));
            return slot;
        }
    }

    /// <summary>Why a plugin that is new cannot serve beside the others; null: it can.</summary>
    public string? ConflictOf(PluginGeneration next) =>
        Find(next.Manifest.Id) is not null ? "another plugin has the same id" : _roster.ConflictOf(next);

    /// <summary>Sends new calls to <paramref name="next"/>. False: another one serves, and it has no place to drain yet.</summary>
    /// <exception cref="PluginRejectedException">It cannot serve beside the other plugins.</exception>
    public bool TryExchange(PluginSlot slot, PluginGeneration next, bool hasPlace, out PluginGeneration? old)
    {
        lock (_lock)
        {
            old = null;
            if (_roster.ConflictOf(next) is { } reason)
            {
                throw new PluginRejectedException(reason);
            }

            if (slot.Current is not null && !hasPlace)
            {
                return false;
            }

            old = Exchange(slot, next);
            return true;
        }
    }

    /// <summary>Sends new calls nowhere. False: another generation serves by now, or none.</summary>
    public bool TryTakeOut(PluginSlot slot, PluginGeneration generation)
    {
        lock (_lock)
        {
            return ReferenceEquals(slot.Current, generation) && Exchange(slot, null) is not null;
        }
    }

    /// <summary>Sends new calls to <paramref name="next"/>, or nowhere. Returns what served before: it drains from now on.</summary>
    public PluginGeneration? Exchange(PluginSlot slot, PluginGeneration? next)
    {
        lock (_lock)
        {
            next?.State = PluginState.Active;
            var old = slot.Exchange(next);
            if (old is not null)
            {
                old.State = PluginState.Draining;
                slot.Add(old);
            }

            _roster = new PluginRoster(_roster.Slots);
            return old;
        }
    }
}
