using Calango.Sdk;
using Microsoft.Extensions.DependencyInjection;

namespace Calango.Plugins.S3Storage;

/// <summary>Offers buckets as a store of blobs.</summary>
public sealed class S3StoragePlugin : IPlugin
{
    /// <inheritdoc/>
    public void Register(IPluginBuilder plugin)
    {
        plugin.Services.AddSingleton<Buckets>();
        plugin.AddBlobStore<S3Store>();
    }
}
