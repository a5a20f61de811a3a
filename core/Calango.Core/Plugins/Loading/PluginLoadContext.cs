using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Reflection;
using System.Runtime.Loader;

namespace Calango.Core.Plugins;

/// <summary>
/// The code of one generation of a plugin. The contract and the framework come from the server, so that both sides mean
/// the same types; everything else comes from the plugin's own folder.
/// </summary>
internal sealed class PluginLoadContext(string name, string entryPath, FrozenSet<string> privateCopies, PluginCalls calls) : AssemblyLoadContext(name, isCollectible: true)
{
    private static readonly ConcurrentBag<PluginLoadContext> Kept = [];

    private readonly AssemblyDependencyResolver _resolver = new(entryPath);

    /// <summary>Where its files are.</summary>
    public string Folder { get; } = Path.GetDirectoryName(entryPath)!;

    /// <summary>The calls of the generation whose code it is.</summary>
    public PluginCalls Calls => calls;

    /// <summary>
    /// Never unloads it. A process that ends gains nothing by unloading, and each unloading is a risk: the runtime 10.0.12
    /// sometimes leaves a damaged heap behind, and the process dies in a later garbage collection; 10.0.14 was not seen to.
    /// </summary>
    public void KeepUntilExit() => Kept.Add(this);

    protected override Assembly? Load(AssemblyName assemblyName)
    {
        if (privateCopies.Contains(assemblyName.Name!) && HostAssemblies.InFramework(assemblyName.Name!) is { } own)
        {
            return LoadFromAssemblyPath(own);
        }

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
