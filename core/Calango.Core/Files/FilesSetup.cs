using Calango.Core.Data;
using Calango.Core.Jobs;
using Calango.Core.Plugins;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Calango.Core.Files;

/// <summary>Wires the files.</summary>
internal static class FilesSetup
{
    public static IServiceCollection AddCalangoFiles(this IServiceCollection services) => services
        .AddSingleton<BlobPlaces>()
        .AddSingleton<BlobMoves>()
        .AddSingleton<BlobCopier>()
        .AddSingleton(provider => new Blobs(provider.GetRequiredService<BlobPlaces>(), provider.GetRequiredService<ILogger<Blobs>>()))
        .AddSingleton(provider => new Storage(
            provider.GetRequiredService<BlobPlaces>(), provider.GetRequiredService<BlobMoves>(), provider.GetRequiredService<PluginHost>(), provider.GetRequiredService<TimeProvider>()))
        .AddSingleton(provider => new Avatars(
            provider.GetRequiredService<Database>(), provider.GetRequiredService<Blobs>(), provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<Avatars>>()))
        .AddSingleton(provider => new StoredPackages(
            provider.GetRequiredService<Blobs>(),
            provider.GetRequiredService<PluginStore>(),
            provider.GetRequiredService<PackageInbox>(),
            provider.GetRequiredService<PluginInstaller>(),
            provider.GetRequiredService<PluginBoot>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<StoredPackages>>()))
        .AddHostedService(provider => provider.GetRequiredService<StoredPackages>())
        .AddHostedService<BlobMover>()
        .AddCleanUp<AvatarCleanUp>("avatars", new TimeOnly(3, 50));
}
