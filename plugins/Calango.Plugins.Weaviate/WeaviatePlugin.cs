using Calango.Sdk;

namespace Calango.Plugins.Weaviate;

/// <summary>Offers Weaviate as an index of passages.</summary>
public sealed class WeaviatePlugin : IPlugin
{
    /// <inheritdoc/>
    public void Register(IPluginBuilder plugin) => plugin.AddPassageIndex<WeaviateIndex>();
}
