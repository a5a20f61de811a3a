using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Calango.Core.Plugins;

/// <summary>The types that a version of a plugin brings along and the server has not, read without running any of its code.</summary>
internal sealed class PluginTypes
{
    private readonly HashSet<string> _names = [];

    /// <param name="folder">The version's files.</param>
    public PluginTypes(string folder)
    {
        foreach (var file in Directory.GetFiles(folder, "*.dll").Where(file => !HostAssemblies.Have(Path.GetFileNameWithoutExtension(file))))
        {
            Read(file);
        }
    }

    /// <summary>Whether a frame of a stack is of one of them.</summary>
    /// <param name="frame">The type and the method, with dots between, of which a method's name may have some itself.</param>
    public bool Have(string frame)
    {
        for (var end = frame.LastIndexOf('.'); end > 0; end = frame.LastIndexOf('.', end - 1))
        {
            if (_names.Contains(frame[..end]))
            {
                return true;
            }
        }

        return false;
    }

    private void Read(string file)
    {
        try
        {
            using var image = new PEReader(File.OpenRead(file));
            if (image.HasMetadata)
            {
                var reader = image.GetMetadataReader();
                // One without a namespace may be anybody's: every program has its Program.
                _names.UnionWith(reader.TypeDefinitions.Select(type => NameOf(reader, type)).Where(name => name.Contains('.')));
            }
        }
        catch (BadImageFormatException)
        {
            // A native library.
        }
    }

    private static string NameOf(MetadataReader reader, TypeDefinitionHandle handle)
    {
        var type = reader.GetTypeDefinition(handle);
        var name = reader.GetString(type.Name);
        return !type.GetDeclaringType().IsNil ? $"{NameOf(reader, type.GetDeclaringType())}+{name}"
            : type.Namespace.IsNil ? name
            : $"{reader.GetString(type.Namespace)}.{name}";
    }
}
