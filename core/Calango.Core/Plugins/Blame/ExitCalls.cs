using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Runtime.Loader;

namespace Calango.Core.Plugins;

/// <summary>
/// Who asks a process to end. The runtime tells of that on a thread of its own, where the stack of whoever asked is not to
/// be seen: it is somebody whose code can call it.
/// </summary>
internal static class ExitCalls
{
    /// <summary>The code of the one plugin in this process that can; null: none can, or several.</summary>
    public static PluginLoadContext? Find()
    {
        var able = AssemblyLoadContext.All.OfType<PluginLoadContext>().Where(code => code.Assemblies.Any(assembly => Calls(assembly.Location))).ToList();
        return able.Count > 0 && able.TrueForAll(code => code.Calls.PluginId == able[0].Calls.PluginId) ? able[^1] : null;
    }

    private static bool Calls(string file)
    {
        using var image = new PEReader(File.OpenRead(file));
        var reader = image.GetMetadataReader();
        return reader.MemberReferences.Select(reader.GetMemberReference).Any(member =>
            member.Parent.Kind == HandleKind.TypeReference && reader.StringComparer.Equals(member.Name, nameof(Environment.Exit))
            && reader.GetTypeReference((TypeReferenceHandle)member.Parent) is var type
            && reader.StringComparer.Equals(type.Namespace, nameof(System)) && reader.StringComparer.Equals(type.Name, nameof(Environment)));
    }
}
