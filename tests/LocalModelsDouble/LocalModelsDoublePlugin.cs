using Calango.Sdk;

namespace Calango.Tests.LocalModelsDouble;

/// <summary>The entry point.</summary>
public sealed class LocalModelsDoublePlugin : IPlugin
{
    /// <inheritdoc/>
    public void Register(IPluginBuilder plugin) => plugin.AddLocalModels<PretendedModels>();
}
