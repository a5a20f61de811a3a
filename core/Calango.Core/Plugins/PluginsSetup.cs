using Calango.Core.Localization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Calango.Core.Plugins;

/// <summary>Wires the plugin host.</summary>
public static class PluginsSetup
{
    /// <summary>Adds <see cref="PluginHost"/>, which is started before the server serves, and all that installs plugins.</summary>
    public static IServiceCollection AddCalangoPlugins(this IServiceCollection services, CoreOptions options) => services
        .AddSingleton(options)
        .AddSingleton(_ => new PublicWeb(options.Web))
        .AddSingleton(new StoreFolders(options.DataFolder))
        .AddSingleton<Sandbox>()
        .AddSingleton<IsolationPolicy>()
        .AddSingleton<PluginStore>()
        .AddSingleton<OperationLog>()
        .AddSingleton<ProcessMarks>()
        .AddSingleton<LastWords>()
        .AddSingleton<Culprits>()
        .AddSingleton<PluginBoot>()
        .AddSingleton(provider => new PluginTrust(provider.GetRequiredService<StoreFolders>(), provider.GetRequiredService<TimeProvider>()))
        .AddSingleton(provider => new PluginHost(
            options, provider.GetRequiredService<Locales>(), provider.GetRequiredService<ILoggerFactory>(), provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<PluginBoot>(), provider.GetRequiredService<Culprits>(), provider.GetRequiredService<Sandbox>()))
        .AddSingleton<PackageInspector>()
        .AddSingleton<PackageInbox>()
        .AddSingleton<PluginOperations>()
        .AddSingleton<RemotePackage>()
        .AddSingleton(provider => new PluginCatalogs(
            provider.GetRequiredService<StoreFolders>(),
            provider.GetRequiredService<PluginStore>(),
            provider.GetRequiredService<PluginTrust>(),
            provider.GetRequiredService<PackageInbox>(),
            provider.GetRequiredService<PublicWeb>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<PluginCatalogs>>()))
        .AddSingleton(provider => new PluginInstaller(
            provider.GetRequiredService<PluginStore>(),
            provider.GetRequiredService<PluginTrust>(),
            provider.GetRequiredService<PluginHost>(),
            provider.GetRequiredService<PluginBoot>(),
            provider.GetRequiredService<PackageInspector>(),
            provider.GetRequiredService<PackageInbox>(),
            provider.GetRequiredService<OperationLog>(),
            provider.GetRequiredService<PluginOperations>(),
            provider.GetRequiredService<PluginCatalogs>(),
            provider.GetRequiredService<RemotePackage>()))
        .AddHostedService<CatalogRefresh>();
}
