using Calango.Sdk;

namespace Calango.Plugins.Anthropic;

/// <summary>Models of Anthropic, and of every service that speaks its Messages protocol.</summary>
public sealed class AnthropicPlugin : IPlugin
{
    /// <inheritdoc/>
    public void Register(IPluginBuilder plugin) => plugin.AddModelProvider<AnthropicProvider>();
}
