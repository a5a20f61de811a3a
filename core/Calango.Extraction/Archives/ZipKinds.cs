using System.IO.Compression;
using System.Text;

namespace Calango.Extraction;

internal enum ZipKind
{
    Archive,
    Word,
    Slides,
    Sheets,
    Book,
    OtherDocument,
}

/// <summary>What a zip is: many formats are one.</summary>
internal static class ZipKinds
{
    public static ZipKind Of(string path)
    {
        using var zip = ZipFile.OpenRead(path);
        var names = zip.Entries.Select(entry => entry.FullName).ToHashSet(StringComparer.Ordinal);
        if (names.Contains("[Content_Types].xml"))
        {
            return names.Contains("word/document.xml") ? ZipKind.Word
                : names.Contains("ppt/presentation.xml") ? ZipKind.Slides
                : names.Contains("xl/workbook.xml") || names.Contains("xl/workbook.bin") ? ZipKind.Sheets
                : ZipKind.OtherDocument;
        }

        return zip.GetEntry("mimetype") is not { } mimetype ? ZipKind.Archive
            : Beginning(mimetype).StartsWith("application/epub+zip", StringComparison.Ordinal) ? ZipKind.Book
            : ZipKind.OtherDocument;
    }

    public static bool IsZip(ReadOnlySpan<byte> head) => head.StartsWith("PK\x03\x04"u8) || head.StartsWith("PK\x05\x06"u8);

    private static string Beginning(ZipArchiveEntry entry)
    {
        using var content = entry.Open();
        var bytes = new byte[64];
        return Encoding.ASCII.GetString(bytes, 0, content.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false));
    }
}
