using Calango.Sdk;

namespace Calango.Tests.UnrulyDouble;

/// <summary>The entry point.</summary>
public sealed class UnrulyDoublePlugin : IPlugin
{
    /// <inheritdoc/>
    public void Register(IPluginBuilder plugin)
    {
        Misdeed.At("load");
        plugin.AddModelProvider<UnrulyProvider>();
    }
}
