using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Calango.Tests.Fixtures;

/// <summary>A plugin's project as an author begins it: outside of the repository, with the packed Sdk and nothing else. Gone when disposed.</summary>
public sealed partial class AuthoredPlugin : IDisposable
{
    private const string Key = "my.key";

    // What says something to a build or to the server, and comes from the tests' own run.
    private static readonly string[] NotTheirs = ["CALANGO_", "CORECLR_", "COR_", "MSBUILD", "MicrosoftInstrumentation", "OPENAI_", "RestoreLockedMode", "VSTEST_"];

    private static readonly Lazy<Task<string>> Sdk = new(PackSdkAsync);

    private readonly string _id;

    private AuthoredPlugin(string id) => _id = id;

    /// <summary>The folder in which the author works.</summary>
    public string Folder { get; } = TestFolders.NewTemporary("author");

    /// <summary>The project's folder.</summary>
    public string Project => Path.Combine(Folder, _id);

    /// <summary>Where the sources of the plugin are.</summary>
    public string Sources => Path.Combine(Project, "plugin");

    /// <summary>Begins one, as <c>calango plugin new</c> does.</summary>
    public static async Task<AuthoredPlugin> NewAsync(string kind, string id, CancellationToken cancellationToken)
    {
        var plugin = new AuthoredPlugin(id);
        await plugin.CalangoAsync(cancellationToken, "plugin", "new", kind, id, "--sdk", await Sdk.Value);
        return plugin;
    }

    /// <summary>Runs a verb of the server's program in the author's folder; it must succeed.</summary>
    public async Task<string> CalangoAsync(CancellationToken cancellationToken, params string[] arguments)
    {
        var (exitCode, output, error) = await ServerProcess.RunAsync(Folder, [], cancellationToken, arguments);
        return exitCode == 0 ? output : throw new InvalidOperationException($"calango {string.Join(' ', arguments)}: {exitCode}\n{output}{error}");
    }

    /// <summary>Runs <c>dotnet</c> in the project; it must succeed.</summary>
    public Task<string> DotnetAsync(CancellationToken cancellationToken, params string[] arguments) => RunAsync("dotnet", Project, arguments, cancellationToken);

    /// <summary>Packs what was built, signed with the author's key, and signs it once more as somebody who comes back to it would.</summary>
    public async Task<byte[]> PackAsync(CancellationToken cancellationToken)
    {
        await CalangoAsync(cancellationToken, "plugin", "key", Key);
        await CalangoAsync(cancellationToken, "plugin", "pack", Path.Combine(Project, "built"), "--key", Key, "--publisher", "Ana's Plugins");
        var package = Path.Combine(Folder, $"{_id}-1.0.0.cpk");
        await CalangoAsync(cancellationToken, "plugin", "sign", package, "--key", Key);
        await CalangoAsync(cancellationToken, "plugin", "index", Folder);
        return await File.ReadAllBytesAsync(package, cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose() => TestFolders.Delete(Folder);

    private static async Task<string> PackSdkAsync() =>
        SdkFolder().Match(await RunAsync(Path.Combine(TestFolders.Repository, "calango"), TestFolders.Repository, ["sdk"], CancellationToken.None)).Groups[1].Value;

    private static async Task<string> RunAsync(string program, string folder, string[] arguments, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var name in start.Environment.Keys.Where(name => NotTheirs.Any(beginning => name.StartsWith(beginning, StringComparison.Ordinal))).ToList())
        {
            start.Environment.Remove(name);
        }

        // Servers of the build would outlive the test.
        (start.Environment["MSBUILDDISABLENODEREUSE"], start.Environment["UseSharedCompilation"]) = ("1", "false");
        using var process = Process.Start(start)!;
        using var lifeline = new Lifeline(process);
        var error = process.StandardError.ReadToEndAsync(cancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)}: {process.ExitCode}\n{output}{await error}");
    }

    [GeneratedRegex("^(.*): ", RegexOptions.Multiline)]
    private static partial Regex SdkFolder();
}
