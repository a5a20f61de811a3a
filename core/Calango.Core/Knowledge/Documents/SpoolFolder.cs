namespace Calango.Core.Knowledge;

/// <summary>
/// Where this process keeps files while they come in or are read. It holds a lock beside it, so that the next process knows which
/// folders belonged to one that was killed, and removes them. Thread-safe.
/// </summary>
internal sealed class SpoolFolder(CoreOptions options) : IDisposable
{
    private const string LockEnd = ".lock";

    private readonly Lock _making = new();
    private FileStream? _lock;

    /// <summary>The folder, which is there.</summary>
    public string Path
    {
        get
        {
            lock (_making)
            {
                _lock ??= Make(System.IO.Path.Combine(options.DataFolder, "incoming"));
                return FolderOf(_lock.Name);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_making)
        {
            if (_lock is not null)
            {
                Remove(_lock);
                _lock = null;
            }
        }
    }

    private static FileStream Make(string parent)
    {
        Directory.CreateDirectory(parent);
        foreach (var left in Directory.GetFiles(parent, $"*{LockEnd}"))
        {
            if (TryLock(left, FileMode.Open) is { } abandoned)
            {
                Remove(abandoned);
            }
        }

        // The lock first: a folder without one would be nobody's.
        var own = TryLock(System.IO.Path.Combine(parent, $"{Guid.CreateVersion7():N}{LockEnd}"), FileMode.CreateNew) ?? throw new IOException("A new file is locked.");
        Directory.CreateDirectory(FolderOf(own.Name));
        return own;
    }

    private static FileStream? TryLock(string path, FileMode mode)
    {
        try
        {
            return new FileStream(path, mode, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException) when (mode == FileMode.Open)
        {
            // Somebody's, or gone by now.
            return null;
        }
    }

    private static void Remove(FileStream held)
    {
        var folder = FolderOf(held.Name);
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        File.Delete(held.Name);
        held.Dispose();
    }

    private static string FolderOf(string lockFile) => lockFile[..^LockEnd.Length];
}
