using System.Collections.Immutable;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using Calango.Sdk;

namespace Calango.Core.Plugins;

/// <summary>What an assembly says of itself, read from its metadata: none of its code runs.</summary>
internal sealed class AssemblyFacts
{
    private AssemblyFacts(MetadataReader reader)
    {
        References = [.. reader.AssemblyReferences.Select(handle => reader.GetAssemblyReference(handle).GetAssemblyName())];
        Settings = [.. reader.PropertyDefinitions.SelectMany(property => SettingsOf(reader, property))];
    }

    /// <summary>The assemblies that it refers to.</summary>
    public IReadOnlyList<AssemblyName> References { get; }

    /// <summary>The settings that its records declare.</summary>
    public IReadOnlyList<DeclaredSetting> Settings { get; }

    /// <summary>Reads them; null: it is no assembly of .NET.</summary>
    public static AssemblyFacts? Read(byte[] file)
    {
        try
        {
            using var image = new PEReader(ImmutableArray.Create(file));
            return image.HasMetadata && image.GetMetadataReader() is { IsAssembly: true } reader ? new AssemblyFacts(reader) : null;
        }
        catch (BadImageFormatException)
        {
            return null;
        }
    }

    private static IEnumerable<DeclaredSetting> SettingsOf(MetadataReader reader, PropertyDefinitionHandle handle)
    {
        var property = reader.GetPropertyDefinition(handle);
        foreach (var attribute in property.GetCustomAttributes().Select(reader.GetCustomAttribute).Where(attribute => TypeOf(reader, attribute) == nameof(SettingAttribute)))
        {
            var name = reader.GetString(property.Name);
            yield return DeclaredSetting.Of(char.ToLowerInvariant(name[0]) + name[1..], attribute.DecodeValue(AttributeTypes.Instance));
        }
    }

    private static string? TypeOf(MetadataReader reader, CustomAttribute attribute) =>
        attribute.Constructor.Kind == HandleKind.MemberReference
        && reader.GetMemberReference((MemberReferenceHandle)attribute.Constructor) is { Parent.Kind: HandleKind.TypeReference } constructor
        && reader.GetTypeReference((TypeReferenceHandle)constructor.Parent) is var type && reader.StringComparer.Equals(type.Namespace, "Calango.Sdk")
            ? reader.GetString(type.Name)
            : null;
}
