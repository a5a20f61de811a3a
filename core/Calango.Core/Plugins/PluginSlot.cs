namespace Calango.Core.Plugins;

/// <summary>The place of one plugin id: holds the generation that takes new calls. Thread-safe.</summary>
internal sealed class PluginSlot(string pluginId)
{
    private PluginGeneration? _current;

    public string PluginId { get; } = pluginId;

    public PluginGeneration? Current => Volatile.Read(ref _current);

    /// <summary>Sends new calls to another generation and returns the one before, which still has its leases.</summary>
    public PluginGeneration? Exchange(PluginGeneration? next) => Interlocked.Exchange(ref _current, next);

    /// <summary>A lease of the current generation; null: there is none.</summary>
    public PluginLease? TryLease()
    {
        while (Current is { } generation)
        {
            if (generation.TryEnter())
            {
                return new PluginLease(generation);
            }

            if (ReferenceEquals(generation, Current))
            {
                return null;
            }
        }

        return null;
    }
}
