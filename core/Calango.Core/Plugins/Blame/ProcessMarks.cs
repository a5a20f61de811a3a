using System.Diagnostics;
using System.Globalization;

namespace Calango.Core.Plugins;

/// <summary>
/// Files that say what plugins do in a process, at this moment: one that is still there when the next process starts says
/// in whose hands the last one ended. It need not reach the disk: what loses it is the machine's end, not a plugin's doing.
/// </summary>
internal sealed class ProcessMarks(StoreFolders folders)
{
    private const char Between = '@';

    /// <summary>Marks a plugin as being started, until the mark is disposed.</summary>
    public IDisposable PutStart(string id, string version)
    {
        Put(id, version, MarkKind.Start);
        return new StartMark(() => { Delete(id, version, MarkKind.Start); Delete(id, version, MarkKind.Doubt); });
    }

    /// <summary>Marks a plugin.</summary>
    public void Put(string id, string version, MarkKind kind)
    {
        Directory.CreateDirectory(folders.Marks);
        File.WriteAllText(PathOf(id, version, kind), Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>Whether a plugin is marked, by whatever process.</summary>
    public bool Has(string id, string version, MarkKind kind) => File.Exists(PathOf(id, version, kind));

    /// <summary>Takes a mark away.</summary>
    public void Delete(string id, string version, MarkKind kind) => File.Delete(PathOf(id, version, kind));

    /// <summary>Takes away the marks of processes that are gone, but for doubts, and says what they were.</summary>
    public IReadOnlyList<LeftMark> TakeLeft()
    {
        var left = new List<LeftMark>();
        foreach (var path in Directory.GetFiles(folders.Marks))
        {
            var parts = Path.GetFileName(path).Split(Between);
            var kind = Enum.TryParse<MarkKind>(parts[^1], out var named) ? named : MarkKind.Start;
            if (kind is not MarkKind.Doubt && (!int.TryParse(File.ReadAllText(path), CultureInfo.InvariantCulture, out var process) || !IsAlive(process, path)))
            {
                left.Add(new LeftMark(parts[0], parts[1], kind, process, File.GetLastWriteTimeUtc(path)));
                File.Delete(path);
            }
        }

        return left;
    }

    /// <summary>Takes away what this process has marked.</summary>
    public void TakeOwn()
    {
        foreach (var path in Directory.GetFiles(folders.Marks, $"*{Between}{MarkKind.Memory}").Where(path => File.ReadAllText(path) == Environment.ProcessId.ToString(CultureInfo.InvariantCulture)))
        {
            File.Delete(path);
        }
    }

    /// <summary>Whether the process that wrote a file is another one, and alive.</summary>
    // Another of the same folder may be beside this one. A number may be another's by now, but not this one's own.
    public static bool IsAlive(int id, string path)
    {
        if (id == Environment.ProcessId)
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

    private string PathOf(string id, string version, MarkKind kind) => Path.Combine(folders.Marks, $"{id}{Between}{version}{Between}{kind}");

    private sealed class StartMark(Action delete) : IDisposable
    {
        public void Dispose() => delete();
    }
}

/// <summary>What a mark says of a plugin.</summary>
internal enum MarkKind
{
    /// <summary>It is being started.</summary>
    Start,

    /// <summary>It asked the process to end.</summary>
    Exit,

    /// <summary>No memory was left for it.</summary>
    Memory,

    /// <summary>A process ended while it was being started, and nobody knows why.</summary>
    Doubt,
}

/// <summary>A mark of a process that is gone; 0: nobody knows which, there was no memory to say so.</summary>
internal sealed record LeftMark(string Id, string Version, MarkKind Kind, int ProcessId, DateTime At);
