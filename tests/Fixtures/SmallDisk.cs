using System.Diagnostics;

namespace Calango.Tests.Fixtures;

/// <summary>A disk of a few megabytes that a test can fill. Only root can mount one.</summary>
public sealed class SmallDisk : IAsyncDisposable
{
    private SmallDisk(string folder) => Folder = folder;

    /// <summary>Why there can be none; null if there can.</summary>
    public static string? WhyNot => OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess ? null : "A small disk can be mounted by root only.";

    /// <summary>Where it is.</summary>
    public string Folder { get; }

    private string Ballast => Path.Combine(Folder, "ballast");

    /// <summary>Mounts one.</summary>
    /// <param name="megabytes">How much it holds.</param>
    /// <param name="owner">Whose it is, if not the tests'.</param>
    public static async Task<SmallDisk> MountAsync(int megabytes, string? owner = null)
    {
        var folder = TestFolders.NewTemporary("disk");
        await RunAsync("mount", "-t", "tmpfs", "-o", $"size={megabytes}m", "tmpfs", folder);
        if (owner is not null)
        {
            await RunAsync("chown", owner, folder);
        }

        return new SmallDisk(folder);
    }

    /// <summary>Takes all the room that is left.</summary>
    public void Fill()
    {
        using var file = File.Create(Ballast);
        try
        {
            while (true)
            {
                file.Write(new byte[4096]);
                file.Flush();
            }
        }
        catch (IOException)
        {
            // Full: that is what was wanted.
        }
    }

    /// <summary>Gives the room back.</summary>
    public void MakeRoom() => File.Delete(Ballast);

    /// <summary>From here on nothing on it can be changed.</summary>
    public Task MakeReadOnlyAsync() => RunAsync("mount", "-o", "remount,ro", Folder);

    /// <summary>Waits for whoever has files open on it: what a killed server had started ends a moment after it.</summary>
    public async ValueTask DisposeAsync()
    {
        await Eventually.HoldsAsync("nobody uses the disk", async () => await ExitCodeAsync("umount", Folder) == 0, CancellationToken.None);
        TestFolders.Delete(Folder);
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        if (await ExitCodeAsync(program, arguments) is not 0 and var code)
        {
            throw new InvalidOperationException($"{program} ended with {code}.");
        }
    }

    private static async Task<int> ExitCodeAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        await process.WaitForExitAsync();
        return process.ExitCode;
    }
}
