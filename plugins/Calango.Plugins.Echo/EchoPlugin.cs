using Calango.Sdk;

namespace Calango.Plugins.Echo;

/// <summary>
/// The entry point: the only class that the host looks for. Say here what the plugin provides, one verb a line. The host
/// makes the provider with what its constructor asks for (PluginContext, IPluginHttp, ILogger…); this one needs nothing.
/// </summary>
public sealed class EchoPlugin : IPlugin
{
    /// <inheritdoc/>
    public void Register(IPluginBuilder plugin) => plugin.AddModelProvider<EchoProvider>();
}
