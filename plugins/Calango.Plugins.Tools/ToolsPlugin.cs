using Calango.Sdk;

namespace Calango.Plugins.Tools;

/// <summary>Offers a calculator, a clock and the text of web pages.</summary>
public sealed class ToolsPlugin : IPlugin
{
    /// <inheritdoc/>
    public void Register(IPluginBuilder plugin) => plugin.AddToolSource<BasicTools>();
}
