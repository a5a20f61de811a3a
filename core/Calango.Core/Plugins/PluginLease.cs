namespace Calango.Core.Plugins;

/// <summary>Keeps one generation of a plugin loaded while it is used. What comes from it must not be used after it is disposed.</summary>
internal sealed class PluginLease(PluginGeneration generation) : IDisposable
{
    private PluginGeneration? _generation = generation;

    public PluginGeneration Generation => _generation ?? throw new ObjectDisposedException(nameof(PluginLease));

    /// <summary>One of the plugin's providers.</summary>
    public GuardedProvider Provider(string id) => Generation.Providers.First(provider => provider.Info.Id == id);

    public void Dispose() => Interlocked.Exchange(ref _generation, null)?.Leave();
}
