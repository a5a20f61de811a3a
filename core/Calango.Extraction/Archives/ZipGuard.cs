using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace Calango.Extraction;

/// <summary>Counts what really comes out of a zip; what it says of itself is not believed.</summary>
internal sealed class ZipGuard
{
    /// <summary>How many files one may have, and what all of them may unpack to.</summary>
    public const int MostFiles = 2000;

    private const int MostParts = 20_000;
    private const long MostBytes = 1L << 30;

    // Text and tables shrink to a twentieth; what shrinks to less than this was made to burst.
    private const int Ratio = 200;
    private const long RatioCountsFrom = 16L << 20;
    private const int PrologLength = 4096;

    private long _total;

    /// <summary>Goes through all of a document that is a zip, before a library opens it.</summary>
    /// <exception cref="UnreadableException">It would unpack to far more than it is, asks for a password, or has XML that refers elsewhere.</exception>
    public static void Check(string path, bool refusesDtd)
    {
        using var zip = ZipFile.OpenRead(path);
        if (zip.Entries.Count > MostParts)
        {
            throw Bomb();
        }

        var guard = new ZipGuard();
        foreach (var entry in zip.Entries)
        {
            using var prolog = new MemoryStream();
            guard.Copy(entry, prolog, PrologLength);
            if (refusesDtd && IsXml(entry.FullName))
            {
                RefuseDtd(prolog.ToArray());
            }
        }
    }

    /// <summary>Reads all of an entry, and keeps no more than the given count of its bytes.</summary>
    public void Copy(ZipArchiveEntry entry, Stream target, long kept = MostBytes)
    {
        if (entry.IsEncrypted)
        {
            throw new UnreadableException("encrypted");
        }

        using var content = entry.Open();
        var buffer = new byte[80 * 1024];
        long length = 0;
        for (var count = content.Read(buffer); count > 0; count = content.Read(buffer))
        {
            target.Write(buffer, 0, (int)Math.Min(count, Math.Max(0, kept - length)));
            length += count;
            _total += count;
            if (_total > MostBytes || (length > RatioCountsFrom && length / Ratio > entry.CompressedLength))
            {
                throw Bomb();
            }
        }
    }

    /// <summary>No format here needs a document type; what has one wants to read other files, or to grow.</summary>
    public static void RefuseDtd(byte[] xml)
    {
        if (Encoding.Latin1.GetString(xml).Replace("\0", "", StringComparison.Ordinal).Contains("<!DOCTYPE", StringComparison.OrdinalIgnoreCase))
        {
            throw new UnreadableException("unsafeXml");
        }
    }

    private static bool IsXml(string name) => name.EndsWith(".xml", StringComparison.OrdinalIgnoreCase) || name.EndsWith(".rels", StringComparison.OrdinalIgnoreCase);

    private static UnreadableException Bomb() => new("zip.bomb", ("limit", (MostBytes >> 20).ToString(CultureInfo.InvariantCulture)));
}
