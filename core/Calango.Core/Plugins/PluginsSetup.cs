using Microsoft.Extensions.DependencyInjection;

namespace Calango.Core.Plugins;

/// <summary>Wires the plugin host.</summary>
public static class PluginsSetup
{
    /// <summary>Adds <see cref="PluginHost"/>; the host starts it before it serves.</summary>
    public static IServiceCollection AddCalangoPlugins(this IServiceCollection services, CoreOptions options) => services
        .AddSingleton(options)
        .AddSingleton(_ => new PublicWeb(options.Web))
        .AddSingleton<PluginHost>();
}
