using Calango.Sdk;

namespace Calango.Plugins.Mcp;

/// <summary>Offers the tools of servers that speak the Model Context Protocol.</summary>
public sealed class McpPlugin : IPlugin
{
    /// <inheritdoc/>
    public void Register(IPluginBuilder plugin) => plugin.AddToolSource<McpTools>();
}
