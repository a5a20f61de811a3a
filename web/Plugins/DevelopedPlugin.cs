using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Calango.Core.Plugins;
using Calango.Web.Hosting;

namespace Calango.Web.Plugins;

/// <summary>The project of a plugin that somebody works on: builds it, and makes packages of it, each a version of its own.</summary>
internal sealed class DevelopedPlugin
{
    /// <summary>As its packages name it.</summary>
    public const string Publisher = "In development";

    private readonly string _project;

    private DevelopedPlugin(string root, string project) => (Root, _project) = (root, project);

    /// <summary>The folder that was named.</summary>
    public string Root { get; }

    /// <summary>The folder of its sources.</summary>
    public string Sources => Path.GetDirectoryName(_project)!;

    /// <param name="root">Has a plugin.json and one project, or its folder <c>plugin</c> does.</param>
    /// <exception cref="StartRefusedException">It does not.</exception>
    public static DevelopedPlugin In(string root)
    {
        root = Path.GetFullPath(root);
        var sources = new[] { root, Path.Combine(root, "plugin") }.FirstOrDefault(folder => File.Exists(Path.Combine(folder, PluginManifest.FileName)))
            ?? throw new StartRefusedException($"{root} is no plugin's project: neither it nor its folder 'plugin' has a {PluginManifest.FileName}.");
        return Directory.GetFiles(sources, "*.csproj") is [var project]
            ? new DevelopedPlugin(root, project)
            : throw new StartRefusedException($"{sources} has not one .csproj, but {Directory.GetFiles(sources, "*.csproj").Length}.");
    }

    /// <summary>Names and times of all its sources: another text once one has changed.</summary>
    public string Fingerprint() => string.Join('\n', SourceFiles(new DirectoryInfo(Sources))
        .Select(file => string.Create(CultureInfo.InvariantCulture, $"{file.FullName} {file.LastWriteTimeUtc.Ticks} {file.Length}")));

    /// <summary>Builds it. Returns the folder of what was built; null with what the build said: it failed.</summary>
    public async Task<(string? Folder, string Said)> BuildAsync(CancellationToken cancellationToken)
    {
        var (exitCode, said) = await DotnetAsync(["build", _project, "--nologo", "--verbosity", "quiet"], cancellationToken);
        return exitCode == 0 ? ((await DotnetAsync(["msbuild", _project, "-getProperty:TargetDir"], cancellationToken)).Said.Trim(), "") : (null, said.Trim());
    }

    /// <summary>Packs what was built, under a version that is later than each before.</summary>
    /// <returns>The package; whoever asked deletes it.</returns>
    /// <exception cref="PluginRejectedException">Its plugin.json is wrong.</exception>
    public static string Pack(string built, DateTimeOffset now, PublisherKey key)
    {
        PluginManifest.Read(built);
        var work = Directory.CreateTempSubdirectory("calango-plugin-");
        try
        {
            Copy(new DirectoryInfo(built), work);
            var file = Path.Combine(work.FullName, PluginManifest.FileName);
            var manifest = JsonNode.Parse(File.ReadAllText(file))!;
            manifest["version"] = VersionAt($"{manifest["version"]}", now);
            File.WriteAllText(file, manifest.ToJsonString());
            var package = Path.Combine(Path.GetTempPath(), $"{Guid.CreateVersion7():N}.cpk");
            PackageWriter.Pack(work.FullName, package, Publisher, key);
            return package;
        }
        finally
        {
            work.Delete(recursive: true);
        }
    }

    // 1.2.0 becomes 1.2.0-dev.20260301120000123, which is earlier than 1.2.0 itself.
    private static string VersionAt(string version, DateTimeOffset now)
    {
        var without = version.Split('+')[0];
        return string.Create(CultureInfo.InvariantCulture, $"{without}{(without.Contains('-') ? '.' : '-')}dev.{now:yyyyMMddHHmmssfff}");
    }

    private static IEnumerable<FileInfo> SourceFiles(DirectoryInfo folder) =>
        folder.EnumerateFiles().Concat(folder.EnumerateDirectories()
            .Where(inner => inner.Name is not ("bin" or "obj" or "built") && !inner.Name.StartsWith('.')).SelectMany(SourceFiles));

    private static void Copy(DirectoryInfo from, DirectoryInfo to)
    {
        foreach (var file in from.EnumerateFiles())
        {
            file.CopyTo(Path.Combine(to.FullName, file.Name));
        }

        foreach (var folder in from.EnumerateDirectories())
        {
            Copy(folder, to.CreateSubdirectory(folder.Name));
        }
    }

    private static async Task<(int ExitCode, string Said)> DotnetAsync(string[] arguments, CancellationToken cancellationToken)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        try
        {
            var errors = process.StandardError.ReadToEndAsync(cancellationToken);
            var output = await process.StandardOutput.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            return (process.ExitCode, output + await errors);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }
}
