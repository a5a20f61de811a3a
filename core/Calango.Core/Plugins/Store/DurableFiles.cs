using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Calango.Core.Plugins;

/// <summary>Writes so that after a crash, of the process or of the machine, there is the old or the new and nothing between.</summary>
internal static class DurableFiles
{
    /// <summary>Replaces a file whole.</summary>
    public static void Write<T>(string path, T value, JsonTypeInfo<T> type)
    {
        var half = path + ".half";
        using (var file = new FileStream(half, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            JsonSerializer.Serialize(file, value, type);
            file.Flush(flushToDisk: true);
        }

        File.Move(half, path, overwrite: true);
        SyncFolder(Path.GetDirectoryName(path)!);
    }

    /// <summary>Reads such a file; null: it isn't there.</summary>
    /// <exception cref="InvalidDataException">It isn't what was written.</exception>
    public static T? Read<T>(string path, JsonTypeInfo<T> type) where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), type);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException($"{path} is damaged: {exception.Message}", exception);
        }
    }

    public static void Delete(string path)
    {
        File.Delete(path);
        SyncFolder(Path.GetDirectoryName(path)!);
    }

    /// <summary>Removes a folder: its name first, so that a half-removed one is never taken for a whole one.</summary>
    public static void DeleteFolder(string path, string graveyard)
    {
        if (Directory.Exists(path))
        {
            var grave = Path.Combine(graveyard, Guid.CreateVersion7().ToString("N"));
            Directory.CreateDirectory(graveyard);
            Directory.Move(path, grave);
            SyncFolder(Path.GetDirectoryName(path)!);
            Directory.Delete(grave, recursive: true);
        }
    }

    /// <summary>A file's name is on the disk only once its folder is.</summary>
    public static void SyncFolder(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var folder = Open(path, 0);
        if (folder >= 0)
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
