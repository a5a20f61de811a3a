using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Calango.Core.Plugins;

/// <summary>Which of the server's assemblies a plugin may use.</summary>
internal static class HostAssemblies
{
    private static readonly string[] Contract =
    [
        "Calango.Sdk",
        "Microsoft.Extensions.AI.Abstractions",
        "Microsoft.Extensions.DependencyInjection.Abstractions",
        "Microsoft.Extensions.Logging.Abstractions",
    ];

    // All that the runtime was started with: the frameworks, and the server's own.
    private static readonly Dictionary<string, string> All = ((string?)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .DistinctBy(path => Path.GetFileNameWithoutExtension(path))
        .ToDictionary(path => Path.GetFileNameWithoutExtension(path), path => Path.GetDirectoryName(path)!);

    private static readonly string[] FrameworkFolders = [All["System.Runtime"], All["Microsoft.AspNetCore"]];

    /// <summary>Whether it is the contract or the framework.</summary>
    public static bool AreShared(string name) => Contract.Contains(name) || InFramework(name) is not null;

    /// <summary>Whether it is the server's own, so that no plugin may use it.</summary>
    /// <param name="name">The assembly's name.</param>
    /// <param name="isBrought">Whether the plugin brings one of this name along.</param>
    public static bool ArePrivate(string name, bool isBrought) =>
        !AreShared(name) && (name is "Calango.Core" or "Calango.Web" || (All.ContainsKey(name) && !isBrought));

    /// <summary>Whether the server has one of this name, shared or private.</summary>
    public static bool Have(string name) => AreShared(name) || All.ContainsKey(name);

    /// <summary>The version of a shared assembly; null: unknown.</summary>
    public static Version? VersionOf(string name) =>
        All.TryGetValue(name, out var folder) ? AssemblyName.GetAssemblyName(Path.Combine(folder, name + ".dll")).Version : null;

    /// <summary>The file of an assembly of the framework; null: there is none of this name.</summary>
    public static string? InFramework(string name) => FrameworkFolders.Select(folder => Path.Combine(folder, name + ".dll")).FirstOrDefault(File.Exists);

    /// <summary>Reads what the assemblies of a folder refer to, before any of their code runs. Returns the names.</summary>
    /// <exception cref="PluginRejectedException">One refers to an assembly that is private to the server.</exception>
    public static IReadOnlyCollection<string> RefusePrivate(string folder)
    {
        var own = Directory.GetFiles(folder, "*.dll").ToDictionary(path => Path.GetFileNameWithoutExtension(path)!, StringComparer.Ordinal);
        var all = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (name, path) in own.Where(file => !AreShared(file.Key)))
        {
            var references = ReferencesOf(path);
            all.UnionWith(references);
            if (references.FirstOrDefault(reference => IsPrivate(reference, own)) is { } reference)
            {
                throw new PluginRejectedException($"{name}.dll uses {reference}, which is private to the server; a plugin may use Calango.Sdk and what it brings along");
            }
        }

        return all;
    }

    private static bool IsPrivate(string name, Dictionary<string, string> own) => ArePrivate(name, own.ContainsKey(name));

    private static List<string> ReferencesOf(string path)
    {
        using var file = new PEReader(File.OpenRead(path));
        try
        {
            if (!file.HasMetadata)
            {
                return [];
            }

            var reader = file.GetMetadataReader();
            return [.. reader.AssemblyReferences.Select(handle => reader.GetString(reader.GetAssemblyReference(handle).Name))];
        }
        catch (BadImageFormatException)
        {
            // A native library, or a broken file that fails with its own name when it is loaded.
            return [];
        }
    }
}
