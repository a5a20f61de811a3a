using System.Runtime.InteropServices;
using Calango.Sdk;

namespace Calango.Plugins.DiskStorage;

/// <summary>
/// Where the files of blobs lie. The words of a key are folders; its last one has a sign behind it that no key has, so that
/// a blob and a folder never want one name.
/// </summary>
internal sealed class BlobFolder(string root)
{
    private const char FileMark = '@';
    private static readonly TimeSpan Abandoned = TimeSpan.FromDays(1);

    // No key begins with a dot.
    private string Coming => Path.Combine(root, ".coming");

    /// <exception cref="BlobException"><see cref="BlobErrorKind.InvalidKey"/>: what comes from outside reaches the file system as a key or not at all.</exception>
    public string FileOf(string key)
    {
        BlobKey.Require(key);
        return Path.Combine([root, .. key.Split('/')]) + FileMark;
    }

    /// <summary>A place for a file that is being written.</summary>
    public string NewComing()
    {
        if (!Directory.Exists(Coming))
        {
            Directory.CreateDirectory(Coming);
            Sync(root);
        }

        // What a process left behind that ended while it wrote.
        foreach (var left in Directory.EnumerateFiles(Coming).Where(file => TimeProvider.System.GetUtcNow() - File.GetLastWriteTimeUtc(file) > Abandoned))
        {
            File.Delete(left);
        }

        return Path.Combine(Coming, $"{Guid.CreateVersion7():N}");
    }

    /// <summary>Gives a written file its name; on the disk when it returns.</summary>
    public void Name(string coming, string path)
    {
        var made = new Stack<string>();
        for (var folder = Path.GetDirectoryName(path)!; !Directory.Exists(folder); folder = Path.GetDirectoryName(folder)!)
        {
            made.Push(folder);
        }

        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.Move(coming, path, overwrite: true);
        Sync(Path.GetDirectoryName(path)!);
        foreach (var folder in made)
        {
            Sync(Path.GetDirectoryName(folder)!);
        }
    }

    public void Delete(string path)
    {
        if (File.Exists(path))
        {
            File.Delete(path);
            Sync(Path.GetDirectoryName(path)!);
        }
    }

    /// <summary>The keys behind one, in the order of their bytes: a folder stands where its name with a slash would.</summary>
    public IEnumerable<string> Keys(string prefix, string after, CancellationToken cancellationToken) => Below(root, "", prefix, after, cancellationToken);

    private static IEnumerable<string> Below(string folder, string path, string prefix, string after, CancellationToken cancellationToken)
    {
        foreach (var entry in Entries(folder).Select(name => path + name).Order(StringComparer.Ordinal))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!entry.EndsWith('/'))
            {
                if (entry.StartsWith(prefix, StringComparison.Ordinal) && string.CompareOrdinal(entry, after) > 0)
                {
                    yield return entry;
                }
            }
            else if (MayLead(entry, prefix) && (string.CompareOrdinal(entry, after) > 0 || after.StartsWith(entry, StringComparison.Ordinal)))
            {
                foreach (var key in Below(Path.Combine(folder, entry[path.Length..^1]), entry, prefix, after, cancellationToken))
                {
                    yield return key;
                }
            }
        }
    }

    private static bool MayLead(string folder, string prefix) =>
        folder.StartsWith(prefix, StringComparison.Ordinal) || prefix.StartsWith(folder, StringComparison.Ordinal);

    private static IEnumerable<string> Entries(string folder)
    {
        var info = new DirectoryInfo(folder);
        return !info.Exists ? [] : info.EnumerateFileSystemInfos()
            .Select(entry => entry is DirectoryInfo ? entry.Name + "/" : entry.Name.EndsWith(FileMark) ? entry.Name[..^1] : "")
            .Where(name => BlobKey.IsValid(name.TrimEnd('/')));
    }

    // A file's name is on the disk only once its folder is.
    private static void Sync(string path)
    {
        if (!OperatingSystem.IsWindows() && Open(path, 0) is >= 0 and var folder)
        {
            _ = Sync(folder);
            _ = Close(folder);
        }
    }

    [DllImport("libc", EntryPoint = "open")]
    private static extern int Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", EntryPoint = "fsync")]
    private static extern int Sync(int descriptor);

    [DllImport("libc", EntryPoint = "close")]
    private static extern int Close(int descriptor);
}
