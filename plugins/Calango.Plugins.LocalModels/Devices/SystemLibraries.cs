namespace Calango.Plugins.LocalModels;

// Looks where the system's loader looks, without loading anything.
internal static class SystemLibraries
{
    private static readonly string[] UnixFolders =
    [
        "/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib64", "/usr/lib", "/lib64", "/usr/local/lib",
        "/usr/local/cuda/lib64", "/usr/lib/wsl/lib", "/opt/cuda/lib64",
    ];

    // The folder that has the library; null if none has.
    public static string? Find(string name) => Folders().FirstOrDefault(folder => File.Exists(Path.Combine(folder, name)));

    private static IEnumerable<string> Folders() => OperatingSystem.IsWindows()
        ? [Environment.SystemDirectory, .. Listed("PATH")]
        : [.. Listed("LD_LIBRARY_PATH"), .. UnixFolders];

    private static string[] Listed(string variable) =>
        (Environment.GetEnvironmentVariable(variable) ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
}
