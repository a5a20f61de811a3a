using Calango.Core.Data;
using Calango.Core.Identity;
using Calango.Core.Jobs;
using Calango.Core.Plugins;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Calango.Core.Models;

/// <summary>Wires connections, the catalog and what finds and installs models.</summary>
public static class ModelsSetup
{
    /// <summary>Adds them.</summary>
    public static IServiceCollection AddCalangoModels(this IServiceCollection services, CoreOptions options)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<ConnectionSecrets>();
        services.AddSingleton<LocalModelsBridge>();
        services.AddSingleton<ModelListing>();
        services.AddSingleton<ConnectionGates>();
        services.AddSingleton(provider => new Connections(
            provider.GetRequiredService<Database>(),
            provider.GetRequiredService<PluginHost>(),
            provider.GetRequiredService<ConnectionSecrets>(),
            provider.GetRequiredService<ModelListing>(),
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<ModelPrices>();
        services.AddSingleton(provider => new ModelCatalog(
            provider.GetRequiredService<Connections>(),
            provider.GetRequiredService<ModelPrices>(),
            provider.GetRequiredService<PluginHost>(),
            provider.GetRequiredService<LocalModelsBridge>(),
            provider.GetRequiredService<ConnectionSecrets>(),
            provider.GetRequiredService<ModelListing>(),
            provider.GetRequiredService<ConnectionGates>(),
            provider.GetRequiredService<AccessLimits>(),
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<EmbeddingCalls>();
        services.AddSingleton(provider => new Embeddings(
            provider.GetRequiredService<Connections>(),
            provider.GetRequiredService<ModelCatalog>(),
            provider.GetRequiredService<EmbeddingCalls>(),
            provider.GetRequiredService<ModelListing>()));
        services.AddSingleton(provider => new EmbeddingModels(
            provider.GetRequiredService<Embeddings>(),
            provider.GetRequiredService<LocalModelInstaller>(),
            provider.GetRequiredService<EmbeddingCalls>(),
            provider.GetRequiredService<ModelListing>(),
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new RerankModels(
            provider.GetRequiredService<Connections>(),
            provider.GetRequiredService<PluginHost>(),
            provider.GetRequiredService<ConnectionSecrets>(),
            provider.GetRequiredService<ConnectionGates>(),
            provider.GetRequiredService<ModelListing>(),
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<FallbackModels>();
        services.AddSingleton<LocalModelInstaller>();
        services.AddCleanUp<DownloadCleanUp>("abandoned-downloads", new TimeOnly(3, 40));
        services.AddSingleton(options.Discovery);
        services.AddSingleton<ModelDiscovery>();
        return services;
    }
}
