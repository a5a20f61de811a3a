using System.Reflection;
using Calango.Core.Errors;

namespace Calango.Core.Plugins;

/// <summary>Finds out whether a plugin could run here, from what its package says: before any of its code does.</summary>
internal static class Preflight
{
    /// <param name="package">The package.</param>
    /// <param name="present">The plugins that are there, by id, with what they need themselves.</param>
    /// <returns>The settings that it declares.</returns>
    /// <exception cref="RejectedException">It could not run, or would reach for what isn't its own.</exception>
    public static IReadOnlyList<DeclaredSetting> Check(PluginPackage package, IReadOnlyDictionary<string, PluginManifest> present)
    {
        CheckContract(package.Manifest);
        CheckDependencies(package.Manifest, present);
        var code = CodeOf(package);
        CheckNative(package, code);
        if (!code.TryGetValue(Path.GetFileNameWithoutExtension(package.Manifest.Entry), out var entry))
        {
            throw new RejectedException("plugin.preflight.entry", ("file", package.Manifest.Entry));
        }

        CheckReferences(package.Manifest, code);
        return entry.Settings;
    }

    private static void CheckContract(PluginManifest manifest)
    {
        try
        {
            ContractRange.Parse(manifest.Contract).RequireCurrent();
        }
        catch (PluginRejectedException)
        {
            throw new RejectedException("plugin.preflight.contract", ("wanted", manifest.Contract), ("present", ContractRange.Present));
        }
    }

    private static void CheckDependencies(PluginManifest manifest, IReadOnlyDictionary<string, PluginManifest> present)
    {
        foreach (var dependency in manifest.Dependencies)
        {
            if (!present.TryGetValue(dependency.Id, out var there))
            {
                throw new RejectedException("plugin.preflight.dependency", ("plugin", dependency.Id), ("wanted", dependency.Version));
            }

            if (!dependency.IsMetBy(there.SemVer))
            {
                throw new RejectedException("plugin.preflight.dependencyVersion", ("plugin", dependency.Id), ("wanted", dependency.Version), ("present", there.Version));
            }

            if (Reaches(there, manifest.Id, present, []))
            {
                throw new RejectedException("plugin.preflight.circle", ("plugin", dependency.Id));
            }
        }
    }

    private static bool Reaches(PluginManifest from, string id, IReadOnlyDictionary<string, PluginManifest> present, HashSet<string> seen) =>
        from.Dependencies.Any(next => next.Id == id || (seen.Add(next.Id) && present.TryGetValue(next.Id, out var manifest) && Reaches(manifest, id, present, seen)));

    private static Dictionary<string, AssemblyFacts> CodeOf(PluginPackage package)
    {
        var code = new Dictionary<string, AssemblyFacts>(StringComparer.OrdinalIgnoreCase);
        foreach (var name in package.Names.Where(name => name.EndsWith(".dll", StringComparison.OrdinalIgnoreCase)))
        {
            if (AssemblyFacts.Read(package.ReadAll(name)) is { } facts)
            {
                code[Path.GetFileNameWithoutExtension(name)] = facts;
            }
        }

        return code;
    }

    private static void CheckNative(PluginPackage package, Dictionary<string, AssemblyFacts> code)
    {
        if (!package.Manifest.Capabilities.Native && package.Names.FirstOrDefault(name => IsNative(name, code)) is { } native)
        {
            throw new RejectedException("plugin.preflight.native", ("file", native));
        }
    }

    private static bool IsNative(string name, Dictionary<string, AssemblyFacts> code) => Path.GetExtension(name) switch
    {
        ".so" or ".dylib" or ".exe" => true,
        ".dll" => !code.ContainsKey(Path.GetFileNameWithoutExtension(name)),
        _ => name.Contains(".so.", StringComparison.Ordinal),
    };

    // Only what the entry leads to: a library may bring parts along that are never used here.
    private static void CheckReferences(PluginManifest manifest, Dictionary<string, AssemblyFacts> code)
    {
        var reached = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var open = new Queue<string>([Path.GetFileNameWithoutExtension(manifest.Entry)]);
        while (open.TryDequeue(out var name))
        {
            foreach (var reference in reached.Add(name) ? code[name].References : [])
            {
                CheckReference(name, reference, code);
                if (!HostAssemblies.AreShared(reference.Name!))
                {
                    open.Enqueue(reference.Name!);
                }
            }
        }
    }

    private static void CheckReference(string from, AssemblyName to, Dictionary<string, AssemblyFacts> code)
    {
        (string, string)[] arguments = [("file", from + ".dll"), ("assembly", to.Name!)];
        if (HostAssemblies.AreShared(to.Name!))
        {
            if (HostAssemblies.VersionOf(to.Name!) is { } present && to.Version > present)
            {
                throw new RejectedException("plugin.preflight.newer", [.. arguments, ("wanted", to.Version!.ToString()), ("present", present.ToString())]);
            }
        }
        else if (HostAssemblies.ArePrivate(to.Name!, code.ContainsKey(to.Name!)))
        {
            throw new RejectedException("plugin.preflight.private", arguments);
        }
        else if (!code.ContainsKey(to.Name!))
        {
            throw new RejectedException("plugin.preflight.missing", arguments);
        }
    }
}
