namespace Calango.Core.Plugins;

/// <summary>Keeps one generation of a plugin loaded while it is used. What comes from it must not be used after it is disposed.</summary>
internal sealed class PluginLease : IDisposable
{
    private PluginGeneration? _generation;

    /// <param name="generation">Entered already.</param>
    /// <param name="turnId">The turn that it is for; null: none.</param>
    public PluginLease(PluginGeneration generation, Guid? turnId)
    {
        _generation = generation;
        if (turnId is { } turn)
        {
            generation.Calls.TurnBegan(this, turn);
        }
    }

    public PluginGeneration Generation => _generation ?? throw new ObjectDisposedException(nameof(PluginLease));

    /// <summary>One of the plugin's providers.</summary>
    public GuardedProvider Provider(string id) => Generation.Providers.First(provider => provider.Info.Id == id);

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _generation, null) is { } generation)
        {
            generation.Calls.TurnEnded(this);
            generation.Leave();
        }
    }
}
