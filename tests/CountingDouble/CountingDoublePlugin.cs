using Calango.Sdk;

namespace Calango.Tests.CountingDouble;

/// <summary>The entry point.</summary>
public sealed class CountingDoublePlugin : IPlugin
{
    /// <inheritdoc/>
    public void Register(IPluginBuilder plugin) => plugin.AddModelProvider<CountingProvider>().AddToolSource<CountingTools>();
}
