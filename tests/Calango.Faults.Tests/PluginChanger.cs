using System.Diagnostics;
using Calango.Tests.Fixtures;

namespace Calango.Faults.Tests;

/// <summary>A process that changes the plugins of a data folder, and is killed while it does.</summary>
internal static class PluginChanger
{
    private static readonly string Program = AppContext.BaseDirectory.Replace("Calango.Faults.Tests", "PluginChanger", StringComparison.Ordinal);

    /// <summary>Lets it do all that it is told.</summary>
    /// <returns>What it said, and its exit code.</returns>
    public static async Task<(string Output, int ExitCode)> RunAsync(string dataFolder, CancellationToken cancellationToken, params string[] commands)
    {
        using var process = Start(dataFolder, commands);
        await process.StandardOutput.ReadLineAsync(cancellationToken);
        await process.StandardInput.WriteLineAsync("go");
        var output = await process.StandardOutput.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        return (output, process.ExitCode);
    }

    /// <summary>Kills it so many milliseconds after it was told to begin.</summary>
    /// <returns>Whether it was killed before it had done all.</returns>
    public static async Task<bool> KillAsync(string dataFolder, int after, CancellationToken cancellationToken, params string[] commands)
    {
        using var process = Start(dataFolder, commands);
        await process.StandardOutput.ReadLineAsync(cancellationToken);
        await process.StandardInput.WriteLineAsync("go");
        // The kill's own time is the fault that is tried: nothing is waited for.
        using var limit = new CancellationTokenSource(after);
        await process.WaitForExitAsync(limit.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var inTime = !process.HasExited;
        process.Kill();
        await process.WaitForExitAsync(cancellationToken);
        return inTime;
    }

    private static Process Start(string dataFolder, string[] commands)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(Program, "Calango.Tests.PluginChanger.dll"), Path.Combine(TestFolders.Repository, "locales"), dataFolder, .. commands])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // Whoever devours memory there is not to have all of the machine's.
        start.Environment["DOTNET_GCHeapHardLimit"] = "0x10000000";
        return Process.Start(start)!;
    }
}
