using System.Reflection;
using System.Reflection.Emit;
using Calango.Sdk;
using Calango.Tests.CountingDouble;
using Calango.Tests.LeakDouble;
using Calango.Tests.LocalModelsDouble;
using Calango.Tests.UnrulyDouble;

namespace Calango.Tests.Fixtures;

/// <summary>Plugins that no compiler would be asked for: each is written to a plugins folder, with what its Register does.</summary>
public sealed class PluginsFolder : IDisposable
{
    /// <summary>The id of the plugin that <see cref="AddLocalModelsDouble"/> adds.</summary>
    public const string LocalModelsDoubleId = "local-models-double";

    /// <summary>The id of the plugin that <see cref="AddLeakDouble"/> adds.</summary>
    public const string LeakDoubleId = "leak-double";

    /// <summary>The id of the plugin that <see cref="AddLibraryDouble"/> adds.</summary>
    public const string LibraryDoubleId = "library-double";

    /// <summary>The folder.</summary>
    public string Path { get; } = TestFolders.NewTemporary("plugins");

    /// <summary>Copies a built plugin under a version of its own, by which its code can be told from other tests'.</summary>
    public string CopyBuilt(string id, string version)
    {
        var target = Directory.CreateDirectory(System.IO.Path.Combine(Path, $"{id}-{version}")).FullName;
        foreach (var file in Directory.GetFiles(System.IO.Path.Combine(TestFolders.Plugins, id)))
        {
            File.Copy(file, System.IO.Path.Combine(target, System.IO.Path.GetFileName(file)));
        }

        var manifest = System.IO.Path.Combine(target, "plugin.json");
        File.WriteAllText(manifest, File.ReadAllText(manifest).Replace("\"version\": \"1.0.0\"", $"\"version\": \"{version}\"", StringComparison.Ordinal));
        return target;
    }

    /// <summary>Adds the plugin of local models that only pretends.</summary>
    public void AddLocalModelsDouble() => Add(typeof(LocalModelsDoublePlugin), LocalModelsDoubleId, "1.0.0", LocalModelsDoubleId, "local-models");

    /// <summary>Adds a version of the plugin that counts, in a folder of its own. Returns the folder.</summary>
    public string AddCounting(string version) => Add(typeof(CountingDoublePlugin), CountingProvider.ProviderId, version, $"counting-{version}", "model-provider", "tool-source");

    /// <summary>Writes a plugin whose Register has this body.</summary>
    public void Emit(string id, Action<ILGenerator> register, string? manifest = null)
    {
        var folder = Directory.CreateDirectory(System.IO.Path.Combine(Path, id)).FullName;
        var assembly = new PersistedAssemblyBuilder(new AssemblyName(id), typeof(object).Assembly);
        var type = assembly.DefineDynamicModule(id).DefineType("Plugin", TypeAttributes.Public | TypeAttributes.Sealed, typeof(object), [typeof(IPlugin)]);
        var method = type.DefineMethod(nameof(IPlugin.Register), MethodAttributes.Public | MethodAttributes.Virtual, typeof(void), [typeof(IPluginBuilder)]);
        register(method.GetILGenerator());
        type.CreateType();
        assembly.Save(System.IO.Path.Combine(folder, id + ".dll"));
        File.WriteAllText(System.IO.Path.Combine(folder, "plugin.json"), manifest ?? Manifest(id));
    }

    /// <summary>Adds the plugin that does what keeps code in memory.</summary>
    public void AddLeakDouble() => Add(typeof(LeakDoublePlugin), LeakDoubleId, "1.0.0", LeakDoubleId, "model-provider");

    /// <summary>Adds the plugin that uses libraries, with all of them.</summary>
    public void AddLibraryDouble()
    {
        const string entry = "Calango.Tests.LibraryDouble";
        var folder = Directory.CreateDirectory(System.IO.Path.Combine(Path, LibraryDoubleId)).FullName;
        // It is nothing that the tests themselves refer to: its libraries are not among theirs.
        var tests = System.IO.Path.Combine(TestFolders.Repository, "tests");
        var own = System.IO.Path.GetRelativePath(tests, AppContext.BaseDirectory).Split(System.IO.Path.DirectorySeparatorChar);
        foreach (var file in Directory.GetFiles(System.IO.Path.Combine([tests, "LibraryDouble", .. own.Skip(1)])))
        {
            File.Copy(file, System.IO.Path.Combine(folder, System.IO.Path.GetFileName(file)));
        }

        File.WriteAllText(System.IO.Path.Combine(folder, "plugin.json"), Manifest(LibraryDoubleId)
            .Replace($"{LibraryDoubleId}.dll", $"{entry}.dll", StringComparison.Ordinal)
            .Replace("\"provides\":[]", "\"provides\":[\"model-provider\"]", StringComparison.Ordinal));
    }

    /// <summary>Adds the plugin that misbehaves, and tells it to: a line <c>place deed</c> each. Returns its folder.</summary>
    /// <param name="version">Its version.</param>
    /// <param name="network">The hosts that it declares.</param>
    /// <param name="misdeeds">What it does where.</param>
    public string AddUnruly(string version, string[] network, params string[] misdeeds)
    {
        var folder = Add(typeof(UnrulyDoublePlugin), UnrulyProvider.ProviderId, version, $"unruly-{version}", "model-provider");
        var manifest = System.IO.Path.Combine(folder, "plugin.json");
        var hosts = string.Join(',', network.Select(host => $"\"{host}\""));
        File.WriteAllText(manifest, File.ReadAllText(manifest).Replace("\"capabilities\":{}", $"\"capabilities\":{{\"network\":[{hosts}]}}", StringComparison.Ordinal));
        File.WriteAllLines(System.IO.Path.Combine(folder, "unruly.txt"), misdeeds);
        return folder;
    }

    private string Add(Type entryPoint, string id, string version, string folderName, params string[] provides)
    {
        var folder = Directory.CreateDirectory(System.IO.Path.Combine(Path, folderName)).FullName;
        var entry = entryPoint.Assembly.Location;
        File.Copy(entry, System.IO.Path.Combine(folder, System.IO.Path.GetFileName(entry)));
        File.WriteAllText(System.IO.Path.Combine(folder, "plugin.json"), Manifest(id)
            .Replace($"{id}.dll", System.IO.Path.GetFileName(entry), StringComparison.Ordinal)
            .Replace("\"1.0.0\"", $"\"{version}\"", StringComparison.Ordinal)
            .Replace("\"provides\":[]", $"\"provides\":[{string.Join(',', provides.Select(kind => $"\"{kind}\""))}]", StringComparison.Ordinal));
        return folder;
    }

    /// <summary>A manifest that the kernel accepts.</summary>
    public static string Manifest(string id, string contract = "[1.0,2.0)", string more = "") =>
        $$"""{"schema":1,"id":"{{id}}","name":"Emitted","version":"1.0.0","contract":"{{contract}}","entry":"{{id}}.dll","provides":[],"capabilities":{}{{more}}}""";

    /// <inheritdoc/>
    public void Dispose() => TestFolders.Delete(Path);
}
