using Calango.Sdk;

namespace Calango.Plugins.Langfuse;

/// <summary>Sends events to Langfuse.</summary>
public sealed class LangfusePlugin : IPlugin
{
    /// <inheritdoc/>
    public void Register(IPluginBuilder plugin) => plugin.AddEventSink<LangfuseSink>();
}
