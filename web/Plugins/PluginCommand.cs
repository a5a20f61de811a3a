using Calango.Core;
using Calango.Core.Data;
using Calango.Core.Errors;
using Calango.Core.Localization;
using Calango.Core.Plugins;
using Calango.Web.Hosting;

namespace Calango.Web.Plugins;

/// <summary>Begins plugins, and makes, signs and lists their packages, for those who write and publish them. Needs no settings and no data.</summary>
public static class PluginCommand
{
    private const string Usage = """
        Usage: calango plugin new KIND NAME [--folder FOLDER] [--sdk FOLDER]
               calango plugin test [FOLDER]
               calango plugin run [FOLDER] [--data FOLDER]
               calango plugin pack FOLDER [--key FILE] [--publisher NAME] [--out FILE]
               calango plugin key FILE
               calango plugin sign PACKAGE --key FILE
               calango plugin index FOLDER [--revoke KEY-OR-DIGEST]...
        """;

    /// <param name="arguments">What follows <c>plugin</c>.</param>
    /// <param name="output">Where it prints.</param>
    /// <exception cref="StartRefusedException">It cannot be done; the message says why.</exception>
    public static void Run(string[] arguments, TextWriter output)
    {
        try
        {
            switch (arguments)
            {
                case ["new", var kind, var id, .. var options]:
                    New(kind, id, Options(options, "--folder", "--sdk"), output);
                    break;
                case ["pack", var folder, .. var options]:
                    Pack(folder, Options(options, "--key", "--publisher", "--out"), output);
                    break;
                case ["key", var file]:
                    MakeKey(file, output);
                    break;
                case ["sign", var package, "--key", var key]:
                    Sign(package, key, output);
                    break;
                case ["index", var folder, .. var options]:
                    Index(folder, Options(options, "--revoke"), output);
                    break;
                default:
                    throw new StartRefusedException(Usage);
            }
        }
        catch (RejectedException rejected)
        {
            throw new StartRefusedException(Sentence(rejected));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or System.Text.Json.JsonException)
        {
            throw new StartRefusedException(failure.Message);
        }
    }

    /// <summary>Sets up the server in which an author sees a plugin at work: for one person, with data and a port of its own.</summary>
    /// <param name="arguments">What follows <c>plugin run</c>.</param>
    /// <param name="environment">The environment variables; those that count here are set.</param>
    /// <exception cref="StartRefusedException">There is no plugin's project, or the arguments are wrong.</exception>
    internal static DevelopedPlugin ToRun(string[] arguments, Dictionary<string, string?> environment)
    {
        var (root, rest) = arguments is [var named, .. var others] && !named.StartsWith("--", StringComparison.Ordinal) ? (named, others) : (".", arguments);
        var options = Options(rest, "--data");
        var plugin = DevelopedPlugin.In(root);
        environment["CALANGO_MODE"] = nameof(HostMode.Desktop);
        environment["CALANGO_DATA"] = options["--data"].LastOrDefault() ?? Path.Combine(plugin.Root, ".calango");
        environment["CALANGO_URLS"] = environment.GetValueOrDefault("CALANGO_URLS") ?? "http://127.0.0.1:0";
        return plugin;
    }

    private static void New(string kindName, string id, ILookup<string, string> options, TextWriter output)
    {
        var kind = PluginKind.Of(kindName);
        var folder = Path.GetFullPath(options["--folder"].LastOrDefault() ?? id);
        var sdk = options["--sdk"].LastOrDefault() ?? throw new StartRefusedException("Name the folder that has Calango.Sdk as a package with --sdk. In a checkout, ./calango plugin new does.");
        var files = NewPlugin.Write(kind, id, folder, sdk);
        output.WriteLine($"{folder}: {id}, {kind.What}");
        foreach (var file in files)
        {
            output.WriteLine($"  {file}");
        }

        output.WriteLine("README.md says how it is built, tried and packed.");
    }

    private static void Pack(string folder, ILookup<string, string> options, TextWriter output)
    {
        using var key = options["--key"].LastOrDefault() is { } file ? PublisherKey.FromPrivatePem(File.ReadAllText(file)) : null;
        var half = Path.Combine(Directory.GetCurrentDirectory(), $".{Guid.CreateVersion7():N}.cpk");
        try
        {
            var manifest = PackageWriter.Pack(folder, half, options["--publisher"].LastOrDefault(), key);
            var target = options["--out"].LastOrDefault() ?? $"{manifest.Id}-{manifest.Version}.cpk";
            File.Move(half, target, overwrite: true);
            Tell(manifest, target, output);
        }
        finally
        {
            File.Delete(half);
        }
    }

    private static void MakeKey(string file, TextWriter output)
    {
        using var key = PublisherKey.Create();
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            // Nobody else may read it, from its first byte on.
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var writer = new StreamWriter(file, options))
        {
            writer.Write(key.ExportPrivatePem());
        }

        File.WriteAllText(file + ".pub", key.PublicKey + "\n");
        output.WriteLine($"{file} signs your plugins: keep it to yourself. {file}.pub is for those who are to trust you.");
        output.WriteLine($"key {key.Id}");
    }

    private static void Sign(string package, string keyFile, TextWriter output)
    {
        using var key = PublisherKey.FromPrivatePem(File.ReadAllText(keyFile));
        Tell(PackageWriter.Sign(package, key), package, output);
    }

    private static void Index(string folder, ILookup<string, string> options, TextWriter output)
    {
        var index = CatalogWriter.Write(folder, [.. options["--revoke"]]);
        output.WriteLine($"{Path.Combine(folder, CatalogIndex.FileName)}: serial {index.Serial}, {index.Plugins.Sum(plugin => plugin.Versions.Count)} packages, {index.Revoked.Count} taken back");
    }

    private static void Tell(PluginManifest manifest, string path, TextWriter output)
    {
        output.WriteLine($"{path}: {manifest.Id} {manifest.Version} of {manifest.Publisher}, {(manifest.Key is null ? "unsigned" : $"signed with {manifest.Key}")}");
        output.WriteLine($"sha256 {PackageWriter.DigestOf(path)}");
    }

    private static ILookup<string, string> Options(string[] arguments, params string[] known)
    {
        if (arguments.Length % 2 != 0 || arguments.Where((_, at) => at % 2 == 0).Except(known).Any())
        {
            throw new StartRefusedException(Usage);
        }

        return arguments.Chunk(2).ToLookup(pair => pair[0], pair => pair[1]);
    }

    private static string Sentence(RejectedException rejected)
    {
        var none = new DatabaseOptions { SqlitePath = "" };
        var locales = new Locales(new CoreOptions { DataFolder = "", PluginsFolder = "", LocalesFolder = Path.Combine(AppContext.BaseDirectory, "locales"), Database = none });
        return locales.Text("en", $"error.{rejected.Code}", [.. rejected.Arguments]);
    }
}
