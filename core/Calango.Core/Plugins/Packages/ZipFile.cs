using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using Calango.Core.Errors;

namespace Calango.Core.Plugins;

/// <summary>A stranger's zip, read with care: what counts is how many bytes really come, and that they are those which were promised.</summary>
internal sealed class ZipFile
{
    private const uint HeaderMark = 0x04034b50;
    private const int HeaderLength = 30;

    private readonly Stream _zip;
    private readonly Dictionary<string, ZipEntry> _entries;

    /// <summary>Reads the directory. The stream stays the caller's.</summary>
    /// <exception cref="RejectedException">It is no zip that this server reads.</exception>
    public ZipFile(Stream zip)
    {
        if (zip.Length > PackageLimits.PackageBytes)
        {
            throw new RejectedException("plugin.zip.tooBig", ("limit", PackageLimits.Megabytes(PackageLimits.PackageBytes)));
        }

        _zip = zip;
        zip.Position = 0;
        var entries = ZipDirectory.Read(zip);
        _entries = entries.ToDictionary(entry => entry.Name);
        RefuseOverlaps(entries);
    }

    /// <summary>The paths of its files.</summary>
    public IReadOnlyCollection<string> Names => _entries.Keys;

    /// <summary>How many bytes a file has; null: it isn't there.</summary>
    public long? LengthOf(string name) => _entries.GetValueOrDefault(name)?.Length;

    /// <summary>All bytes of a file.</summary>
    /// <exception cref="RejectedException">They are not as many as was said, or damaged.</exception>
    public byte[] ReadAll(string name)
    {
        var content = new MemoryStream((int)_entries[name].Length);
        CopyTo(name, content);
        return content.ToArray();
    }

    /// <summary>Writes a file's bytes, never more than was said.</summary>
    /// <exception cref="RejectedException">They are not as many as was said, or damaged.</exception>
    public void CopyTo(string name, Stream target)
    {
        var entry = _entries[name];
        using var packed = new PartStream(_zip, DataOffset(entry), entry.PackedLength);
        using var content = entry.Method == 0 ? (Stream)packed : new DeflateStream(packed, CompressionMode.Decompress);
        var buffer = new byte[81920];
        var crc = new Crc32();
        long total = 0;
        while (Read(content, buffer) is > 0 and var count)
        {
            total += count;
            if (total > entry.Length)
            {
                break;
            }

            crc.Add(buffer.AsSpan(0, count));
            target.Write(buffer, 0, count);
        }

        if (total != entry.Length)
        {
            throw new RejectedException("plugin.zip.size", ("file", name));
        }

        if (crc.Value != entry.Crc)
        {
            throw ZipDirectory.Damaged();
        }
    }

    private static int Read(Stream content, byte[] buffer)
    {
        try
        {
            return content.Read(buffer);
        }
        catch (InvalidDataException)
        {
            throw ZipDirectory.Damaged();
        }
    }

    // Files that share their bytes are how a small zip unpacks to a huge folder.
    private void RefuseOverlaps(IReadOnlyList<ZipEntry> entries)
    {
        long free = 0;
        foreach (var entry in entries.OrderBy(entry => entry.HeaderOffset))
        {
            if (entry.HeaderOffset < free)
            {
                throw ZipDirectory.Damaged();
            }

            free = DataOffset(entry) + entry.PackedLength;
        }

        if (free > _zip.Length)
        {
            throw ZipDirectory.Damaged();
        }
    }

    // The header at the file itself says its name again: two readers must not see two names.
    private long DataOffset(ZipEntry entry)
    {
        var name = Encoding.Latin1.GetBytes(entry.Name);
        var header = new byte[HeaderLength + name.Length];
        _zip.Position = entry.HeaderOffset;
        if (_zip.ReadAtLeast(header, header.Length, throwOnEndOfStream: false) < header.Length
            || BinaryPrimitives.ReadUInt32LittleEndian(header) != HeaderMark
            || BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(8)) != entry.Method
            || BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(26)) != name.Length
            || !header.AsSpan(HeaderLength).SequenceEqual(name))
        {
            throw ZipDirectory.Damaged();
        }

        return entry.HeaderOffset + header.Length + BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(28));
    }
}
