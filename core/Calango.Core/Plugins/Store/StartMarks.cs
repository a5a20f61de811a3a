using System.Diagnostics;
using System.Globalization;

namespace Calango.Core.Plugins;

/// <summary>
/// A file for each plugin that is being started at this moment, and for one that asked the process to end: one that is still there when the next process starts says
/// in whose hands the last one ended. It need not reach the disk: what loses it is the machine's end, not a plugin's doing.
/// </summary>
internal sealed class StartMarks(StoreFolders folders)
{
    private const char Between = '@';

    /// <summary>Marks a plugin until the mark is disposed.</summary>
    public IDisposable Put(string id, string version)
    {
        Directory.CreateDirectory(folders.Marks);
        var path = Path.Combine(folders.Marks, $"{id}{Between}{version}");
        File.WriteAllText(path, Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
        return new Mark(path);
    }

    /// <summary>Takes away the marks of processes that are gone, and says whose they are.</summary>
    public IReadOnlyList<(string Id, string Version)> TakeLeft()
    {
        var left = Directory.GetFiles(folders.Marks).Where(path => !IsAlive(path)).ToList();
        var marks = left.Select(path => Path.GetFileName(path).Split(Between, 2)).Select(parts => (parts[0], parts[^1])).ToList();
        left.ForEach(File.Delete);
        return marks;
    }

    // A process of the same folder may be starting beside this one. A number may be another's by now, but not this one's own.
    private static bool IsAlive(string path)
    {
        if (!int.TryParse(File.ReadAllText(path), CultureInfo.InvariantCulture, out var id) || id == Environment.ProcessId)
        {
            return false;
        }

        try
        {
            using var process = Process.GetProcessById(id);
            using var own = Process.GetCurrentProcess();
            return process.ProcessName == own.ProcessName && process.StartTime.ToUniversalTime() <= File.GetLastWriteTimeUtc(path);
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException)
        {
            return false;
        }
    }

    private sealed class Mark(string path) : IDisposable
    {
        public void Dispose() => File.Delete(path);
    }
}
