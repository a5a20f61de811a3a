using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.IO.Pipes;
using System.Runtime.InteropServices;
using System.Text;

namespace Calango.Core.Plugins;

/// <summary>
/// What the runtime says when it ends the process at once: to the standard error, where no code of this process hears it any
/// more. A process of its own passes all of that on and keeps the last of it in two files, for the next start. Not on Windows.
/// </summary>
internal sealed class LastWords(StoreFolders folders)
{
    private const int StandardError = 2;
    private const int MostRead = 4 * 1024 * 1024;
    private const string Before = "-before";

    // Whoever ends the server may send the same signal to all that it started: this one hears it out. It takes piece after
    // piece, each at most as large as what is read later; a file that has as much makes room for the next. Where a file does
    // not grow, all has been said or the disk is full: whatever comes is then only passed on. dd takes no more than it is
    // told, while some kinds of head do, and lose it.
    private const string Listener = $$"""
        trap '' HUP INT PIPE TERM
        umask 077
        size() { echo $(( $( { wc -c <"$0"; } 2>/dev/null || echo 0 ) )); }
        while had=$(size); dd bs=4096 count=1024 2>/dev/null | tee -a "$0" >&2; has=$(size); [ "$has" -gt "$had" ]; do
          [ "$has" -lt 4194304 ] || mv -f "$0" "$0{{Before}}"
        done
        exec cat >&2
        """;

    private string? _own;

    /// <summary>From now on, in this process. Where it can't be done, nothing is kept, and all else is as ever.</summary>
    public void Keep()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        try
        {
            Directory.CreateDirectory(folders.LastWords);
            _own = Path.Combine(folders.LastWords, string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessId}-{Guid.CreateVersion7():N}"));
            using (new FileStream(_own, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite }))
            {
            }

            Divert(_own);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or Win32Exception)
        {
            Forget();
        }
    }

    /// <summary>Takes away what was kept of processes that are gone.</summary>
    public IReadOnlyList<LeftWords> TakeLeft()
    {
        var left = new List<LeftWords>();
        foreach (var files in Directory.GetFiles(folders.LastWords).Order(StringComparer.Ordinal).GroupBy(Named).Where(files => files.Key != _own))
        {
            // What was written before comes after, by its name.
            var parts = files.Reverse().ToList();
            if (!int.TryParse(Path.GetFileName(files.Key).Split('-')[0], CultureInfo.InvariantCulture, out var id) || !ProcessMarks.IsAlive(id, parts[^1]))
            {
                left.Add(new LeftWords(id, string.Concat(parts.Select(EndOf)), File.GetLastWriteTimeUtc(parts[^1])));
                parts.ForEach(File.Delete);
            }
        }

        return left;
    }

    /// <summary>The process ends well: nobody need know what it said.</summary>
    public void Forget()
    {
        if (_own is not null)
        {
            File.Delete(_own);
            File.Delete(_own + Before);
        }
    }

    private static string Named(string path) => path.EndsWith(Before, StringComparison.Ordinal) ? path[..^Before.Length] : path;

    private static void Divert(string path)
    {
        var start = new ProcessStartInfo("/bin/sh", ["-c", Listener, path]) { RedirectStandardInput = true };
        start.Environment.Clear();
        using var listener = Process.Start(start)!;
        using var input = ((PipeStream)listener.StandardInput.BaseStream).SafePipeHandle;
        if (Duplicate((int)input.DangerousGetHandle(), StandardError) < 0)
        {
            throw new IOException("The standard error could not be replaced.");
        }
    }

    private static string EndOf(string path)
    {
        using var file = File.OpenRead(path);
        file.Seek(-Math.Min(file.Length, MostRead), SeekOrigin.End);
        using var reader = new StreamReader(file, Encoding.UTF8);
        return reader.ReadToEnd();
    }

    [DllImport("libc", EntryPoint = "dup2")]
    private static extern int Duplicate(int descriptor, int target);
}

/// <summary>What a process said that is gone.</summary>
internal sealed record LeftWords(int ProcessId, string Text, DateTime At);
