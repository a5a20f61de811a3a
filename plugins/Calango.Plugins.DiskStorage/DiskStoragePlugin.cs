using Calango.Sdk;

namespace Calango.Plugins.DiskStorage;

/// <summary>Offers a folder of this machine as a store of blobs.</summary>
public sealed class DiskStoragePlugin : IPlugin
{
    /// <inheritdoc/>
    public void Register(IPluginBuilder plugin) => plugin.AddBlobStore<DiskStore>();
}
