using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Calango.Sdk;
using Calango.Web.Hosting;

namespace Calango.Web.Plugins;

/// <summary>Writes the project of a new plugin: one that builds, passes its tests and works. The templates lie in plugins/templates.</summary>
internal static partial class NewPlugin
{
    private const string Ending = ".template", SdkName = "Calango.Sdk.", TestingName = "Calango.Sdk.Testing.";

    /// <param name="kind">The kind of plugin.</param>
    /// <param name="id">The plugin's id.</param>
    /// <param name="folder">Where it goes; not there yet, or empty.</param>
    /// <param name="sdkFolder">Has Calango.Sdk and Calango.Sdk.Testing as packages.</param>
    /// <returns>The files that were written, by their paths in the folder.</returns>
    /// <exception cref="StartRefusedException">It cannot be done; the message says why. Nothing was written.</exception>
    public static IReadOnlyList<string> Write(PluginKind kind, string id, string folder, string sdkFolder)
    {
        RefuseName(id);
        RefuseFolder(folder);
        var (packages, version) = SdkIn(sdkFolder);
        var words = WordsFor(kind, id, version);
        var texts = new[] { "project", kind.Name }.SelectMany(Templates)
            .ToDictionary(template => Fill(template.Path, words), template => Fill(template.Text, words));

        // Whole or not at all.
        var half = $"{Path.TrimEndingDirectorySeparator(folder)}.{Guid.CreateVersion7():N}";
        try
        {
            foreach (var (path, text) in texts)
            {
                var file = Path.Combine(half, path);
                Directory.CreateDirectory(Path.GetDirectoryName(file)!);
                File.WriteAllText(file, text);
            }

            var sdk = Directory.CreateDirectory(Path.Combine(half, "sdk")).FullName;
            packages.ForEach(package => File.Copy(package, Path.Combine(sdk, Path.GetFileName(package))));
            if (Directory.Exists(folder))
            {
                Directory.Delete(folder);
            }

            Directory.Move(half, folder);
        }
        finally
        {
            if (Directory.Exists(half))
            {
                Directory.Delete(half, recursive: true);
            }
        }

        return [.. texts.Keys.Order(StringComparer.Ordinal)];
    }

    private static void RefuseName(string id)
    {
        if (id.Length > 64 || !IdForm().IsMatch(id))
        {
            throw new StartRefusedException($"'{id}' cannot be a plugin's id: lower-case letters, digits and single hyphens, a letter first, at most 64 in all.");
        }

        if (Directory.Exists(Path.Combine(AppContext.BaseDirectory, "plugins", id)))
        {
            throw new StartRefusedException($"A plugin with the id '{id}' comes with Calango. Choose another name.");
        }
    }

    private static void RefuseFolder(string folder)
    {
        if (File.Exists(folder) || (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any()))
        {
            throw new StartRefusedException($"{folder} is there already and not empty. Name another folder with --folder.");
        }

        for (var above = new DirectoryInfo(folder).Parent; above is not null; above = above.Parent)
        {
            if (File.Exists(Path.Combine(above.FullName, "Calango.sln")))
            {
                throw new StartRefusedException($"{folder} lies within Calango's own sources, whose build would take hold of it. Name a folder outside with --folder.");
            }
        }
    }

    private static (List<string> Packages, string Version) SdkIn(string folder)
    {
        var packages = Directory.Exists(folder) ? Directory.GetFiles(folder, SdkName + "*.nupkg") : [];
        var testing = packages.FirstOrDefault(package => Path.GetFileName(package).StartsWith(TestingName, StringComparison.Ordinal));
        var sdk = packages.FirstOrDefault(package => char.IsAsciiDigit(Path.GetFileName(package)[SdkName.Length]));
        return sdk is not null && testing is not null
            ? ([sdk, testing], Path.GetFileNameWithoutExtension(sdk)[SdkName.Length..])
            : throw new StartRefusedException($"{folder} has no packages of Calango.Sdk and Calango.Sdk.Testing. ./calango makes them in a checkout; --sdk names another folder.");
    }

    private static Dictionary<string, string> WordsFor(PluginKind kind, string id, string sdkVersion)
    {
        var parts = id.Split('-');
        var contract = typeof(IPlugin).Assembly.GetName().Version!;
        var title = $"{char.ToUpperInvariant(id[0])}{id[1..].Replace('-', ' ')}";
        var words = new Dictionary<string, string>
        {
            ["id"] = id,
            ["Name"] = string.Concat(parts.Select(part => $"{char.ToUpperInvariant(part[0])}{part[1..]}")),
            ["title"] = title,
            ["what"] = kind.What,
            ["provides"] = kind.Provides,
            ["sdk"] = sdkVersion,
            ["contract"] = $"[{contract.ToString(2)},{contract.Major + 1}.0)",
        };
        foreach (var package in XDocument.Parse(Read("packages")).Descendants("PackageVersion"))
        {
            words[$"version {package.Attribute("Include")!.Value}"] = package.Attribute("Version")!.Value;
        }

        return words;
    }

    private static IEnumerable<(string Path, string Text)> Templates(string part) =>
        from name in Assembly.GetExecutingAssembly().GetManifestResourceNames()
        let path = name.Replace('\\', '/')
        where path.StartsWith($"templates/{part}/", StringComparison.Ordinal)
        select (path[$"templates/{part}/".Length..^Ending.Length], Read(name));

    private static string Read(string resource)
    {
        using var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream(resource)!, Encoding.UTF8);
        return reader.ReadToEnd();
    }

    private static string Fill(string text, Dictionary<string, string> words) => Word().Replace(text, match => words[match.Groups[1].Value]);

    [GeneratedRegex("^[a-z][a-z0-9]*(-[a-z0-9]+)*$")]
    private static partial Regex IdForm();

    [GeneratedRegex(@"\{\{([A-Za-z][A-Za-z0-9. ]*)\}\}")]
    private static partial Regex Word();
}
