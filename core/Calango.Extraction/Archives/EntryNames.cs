using System.IO.Compression;

namespace Calango.Extraction;

/// <summary>What the files of an archive are called.</summary>
internal static class EntryNames
{
    private const int UnixTypeMask = 0xF000;
    private const int UnixFile = 0x8000;
    private const int UnixFolder = 0x4000;

    /// <summary>With forward slashes.</summary>
    /// <exception cref="UnreadableException">Whoever made the archive wanted it to write elsewhere, or it is no file.</exception>
    public static string Safe(ZipArchiveEntry entry)
    {
        var name = entry.FullName.Replace('\\', '/');
        var type = (entry.ExternalAttributes >> 16) & UnixTypeMask;
        return name.Length > 0 && !name.StartsWith('/') && !(name.Length > 1 && name[1] == ':') && !name.Split('/').Contains("..") && !name.Contains('\0', StringComparison.Ordinal) && type is (0 or UnixFile or UnixFolder)
            ? name
            : throw new UnreadableException("zip.unsafe");
    }

    public static bool IsFolder(string name) => name.EndsWith('/');

    /// <summary>What systems leave in archives by themselves.</summary>
    public static bool IsOfSystem(string name) =>
        name.StartsWith("__MACOSX/", StringComparison.Ordinal) || name.Split('/').Any(part => part.StartsWith('.')) || name.EndsWith("Thumbs.db", StringComparison.OrdinalIgnoreCase);
}
