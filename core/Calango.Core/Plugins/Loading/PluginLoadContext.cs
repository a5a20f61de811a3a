using System.Reflection;
using System.Runtime.Loader;

namespace Calango.Core.Plugins;

/// <summary>
/// The code of one generation of a plugin. The contract and the framework come from the server, so that both sides mean
/// the same types; everything else comes from the plugin's own folder.
/// </summary>
internal sealed class PluginLoadContext(string name, string entryPath) : AssemblyLoadContext(name, isCollectible: true)
{
    private readonly AssemblyDependencyResolver _resolver = new(entryPath);

    protected override Assembly? Load(AssemblyName assemblyName)
    {
        if (HostAssemblies.AreShared(assemblyName.Name!))
        {
            return null;
        }

        // Without this the runtime would go on to the server's own assemblies.
        return _resolver.ResolveAssemblyToPath(assemblyName) is { } path
            ? LoadFromAssemblyPath(path)
            : throw new FileNotFoundException($"The plugin does not bring '{assemblyName.Name}' along.");
    }

    protected override nint LoadUnmanagedDll(string unmanagedDllName) =>
        _resolver.ResolveUnmanagedDllToPath(unmanagedDllName) is { } path ? LoadUnmanagedDllFromPath(path) : 0;
}
