using System.Runtime.InteropServices;
using Calango.Sdk;

namespace Calango.Core.Plugins;

/// <summary>
/// Bubblewrap: a plugin's process sees a system that it can only read, its own files, its own data, and one socket to the
/// server; no network, no other process, nothing of the server's data. https://github.com/containers/bubblewrap
/// </summary>
internal sealed class Sandbox
{
    private const string Inside = "/run/calango";
    private const string Program = "Calango.PluginProcess.dll";

    // More than any plugin should have: who needs it is stopped, and not the server.
    private const long HeapBytes = 256L * 1024 * 1024;
    private const long TemporaryBytes = 64L * 1024 * 1024;

    private readonly string? _bubblewrap = Find("bwrap");
    private readonly string _dotnet = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
    private readonly string? _programFolder;
    private readonly string _dataFolder;
    private readonly Lazy<string?> _refusal;

    public Sandbox(CoreOptions options)
    {
        string[] places = [Path.Combine(AppContext.BaseDirectory, "plugin-process"), Path.Combine(options.PluginsFolder, "..", "plugin-process")];
        _programFolder = (options.PluginProcessFolder is { } chosen ? [chosen] : places).Select(Path.GetFullPath).FirstOrDefault(folder => File.Exists(Path.Combine(folder, Program)));
        _dataFolder = Path.GetFullPath(options.DataFolder);
        _refusal = new Lazy<string?>(Try);
    }

    /// <summary>Why no plugin can be isolated here: the end of the locale key <c>plugins.isolation.{code}</c>; null: it can be. Found out by trying, once.</summary>
    public string? Refusal => _refusal.Value;

    /// <summary>How to start a plugin's process.</summary>
    /// <param name="socketFolder">Has the socket, named <c>s</c>, to which it connects.</param>
    /// <param name="folder">The plugin's files.</param>
    /// <param name="dataFolder">Its data.</param>
    public ChildProcessStart StartOf(string socketFolder, string folder, string dataFolder) => new(
        _bubblewrap!,
        [
            .. Walls(),
            "--ro-bind", folder, folder,
            "--bind", dataFolder, dataFolder,
            "--ro-bind", socketFolder, Inside,
            "--chdir", "/tmp",
            "--", Path.Combine(_dotnet, "dotnet"), Path.Combine(_programFolder!, Program), Inside + "/s", folder, dataFolder,
        ],
        OnOutputLine: _ => { });

    private IEnumerable<string> Walls() =>
    [
        "--unshare-user", "--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts", "--unshare-cgroup-try", "--disable-userns",
        "--uid", "65534", "--gid", "65534", "--hostname", "plugin", "--cap-drop", "ALL", "--new-session", "--die-with-parent",
        "--clearenv", "--setenv", "HOME", "/tmp", "--setenv", "PATH", "/usr/bin", "--setenv", "LANG", "C.UTF-8",
        "--setenv", "DOTNET_GCHeapHardLimit", HeapBytes.ToString("x"), "--setenv", "DOTNET_EnableDiagnostics", "0", "--setenv", "DOTNET_DbgEnableMiniDump", "0",
        "--setenv", "DOTNET_TieredPGO", "0", "--setenv", "DOTNET_gcServer", "0", "--setenv", "DOTNET_gcConcurrent", "0",
        "--ro-bind", "/usr", "/usr", .. Linked("/bin"), .. Linked("/lib"), .. Linked("/lib64"),
        "--ro-bind-try", "/etc/ld.so.cache", "/etc/ld.so.cache", "--ro-bind-try", "/etc/localtime", "/etc/localtime",
        "--proc", "/proc", "--dev", "/dev", "--size", $"{TemporaryBytes}", "--tmpfs", "/tmp",
        .. _dotnet.StartsWith("/usr/", StringComparison.Ordinal) ? Array.Empty<string>() : ["--ro-bind", _dotnet, _dotnet],
        "--ro-bind", _programFolder!, _programFolder!,
        .. Hidden(),
    ];

    // Where the server keeps its data beneath what is shown above.
    private string[] Hidden() =>
        new[] { "/usr/", _dotnet + "/", _programFolder + "/" }.Any(shown => _dataFolder.StartsWith(shown, StringComparison.Ordinal)) ? ["--tmpfs", _dataFolder] : [];

    private static string[] Linked(string path) =>
        new DirectoryInfo(path) is not { Exists: true } folder ? []
        : folder.LinkTarget is { } target ? ["--symlink", target, path]
        : ["--ro-bind", path, path];

    private string? Try()
    {
        if (!OperatingSystem.IsLinux() || _bubblewrap is null)
        {
            return OperatingSystem.IsLinux() ? "noBubblewrap" : "notLinux";
        }

        if (_programFolder is null || !File.Exists(Path.Combine(_dotnet, "dotnet")))
        {
            return "noProgram";
        }

        return SandboxLauncher.Runs(new ChildProcessStart(_bubblewrap, [.. Walls(), "--", "/usr/bin/true"])) ? null : "refused";
    }

    private static string? Find(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Select(folder => Path.Combine(folder, program)).FirstOrDefault(path => Path.IsPathFullyQualified(path) && File.Exists(path));
}
