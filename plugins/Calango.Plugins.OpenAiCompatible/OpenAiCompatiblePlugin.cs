using Calango.Sdk;

namespace Calango.Plugins.OpenAiCompatible;

/// <summary>Models of every service that speaks the OpenAI chat-completions protocol.</summary>
public sealed class OpenAiCompatiblePlugin : IPlugin
{
    /// <inheritdoc/>
    public void Register(IPluginBuilder plugin) => plugin.AddModelProvider<OpenAiCompatibleProvider>();
}
