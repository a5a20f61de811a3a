using System.Buffers.Binary;
using System.Text;
using Calango.Core.Errors;

namespace Calango.Core.Plugins;

/// <summary>
/// Reads the directory of a stranger's zip, and refuses all that a package has no need of: what the format allows besides
/// is how readers are tricked. Each refusal has a reason of its own.
/// </summary>
internal static class ZipDirectory
{
    private const uint EndMark = 0x06054b50;
    private const uint EntryMark = 0x02014b50;
    private const int EndLength = 22;
    private const int EntryLength = 46;
    private const int UnixTypeMask = 0xF000;
    private const int UnixFile = 0x8000;
    private const int UnixLink = 0xA000;
    private const ushort Encrypted = 0x0041;

    /// <exception cref="RejectedException">It is no zip that this server reads.</exception>
    public static IReadOnlyList<ZipEntry> Read(Stream zip)
    {
        var (count, offset) = ReadEnd(zip);
        var directory = new byte[zip.Length - EndLength - offset];
        zip.Position = offset;
        zip.ReadExactly(directory);

        var entries = new List<ZipEntry>(count);
        var at = 0;
        for (var index = 0; index < count; index++)
        {
            entries.Add(ReadEntry(directory.AsSpan(at), out var length));
            at += length;
        }

        if (at != directory.Length)
        {
            throw Damaged();
        }

        ZipNames.Check(entries);
        CheckSizes(entries);
        return entries;
    }

    public static RejectedException Damaged() => new("plugin.zip.damaged");

    private static (int Count, long Offset) ReadEnd(Stream zip)
    {
        Span<byte> end = stackalloc byte[EndLength];
        Span<byte> start = stackalloc byte[4];
        if (zip.ReadAtLeast(start, 4, throwOnEndOfStream: false) < 4 || !start[..2].SequenceEqual("PK"u8))
        {
            throw new RejectedException("plugin.zip.none");
        }

        if (zip.Length < EndLength)
        {
            throw Damaged();
        }

        zip.Position = zip.Length - EndLength;
        zip.ReadExactly(end);
        int count = BinaryPrimitives.ReadUInt16LittleEndian(end[10..]);
        long size = BinaryPrimitives.ReadUInt32LittleEndian(end[12..]);
        long offset = BinaryPrimitives.ReadUInt32LittleEndian(end[16..]);
        if (BinaryPrimitives.ReadUInt32LittleEndian(end) != EndMark)
        {
            throw Damaged();
        }

        if (count > PackageLimits.Files)
        {
            throw new RejectedException("plugin.zip.tooMany", ("limit", PackageLimits.Files.ToString("N0", System.Globalization.CultureInfo.InvariantCulture)));
        }

        // The directory ends where the end begins: what lies between, or in several parts, is not ours.
        return BinaryPrimitives.ReadUInt16LittleEndian(end[8..]) == count && offset + size == zip.Length - EndLength ? (count, offset) : throw Damaged();
    }

    private static ZipEntry ReadEntry(ReadOnlySpan<byte> directory, out int length)
    {
        if (directory.Length < EntryLength || BinaryPrimitives.ReadUInt32LittleEndian(directory) != EntryMark)
        {
            throw Damaged();
        }

        int nameLength = BinaryPrimitives.ReadUInt16LittleEndian(directory[28..]);
        length = EntryLength + nameLength + BinaryPrimitives.ReadUInt16LittleEndian(directory[30..]) + BinaryPrimitives.ReadUInt16LittleEndian(directory[32..]);
        if (directory.Length < length)
        {
            throw Damaged();
        }

        var name = Encoding.Latin1.GetString(directory.Slice(EntryLength, nameLength));
        RefuseSpecial(name, directory);
        return new ZipEntry(
            name,
            BinaryPrimitives.ReadUInt16LittleEndian(directory[10..]),
            BinaryPrimitives.ReadUInt32LittleEndian(directory[16..]),
            BinaryPrimitives.ReadUInt32LittleEndian(directory[20..]),
            BinaryPrimitives.ReadUInt32LittleEndian(directory[24..]),
            BinaryPrimitives.ReadUInt32LittleEndian(directory[42..]));
    }

    private static void RefuseSpecial(string name, ReadOnlySpan<byte> entry)
    {
        var type = (int)(BinaryPrimitives.ReadUInt32LittleEndian(entry[38..]) >> 16) & UnixTypeMask;
        if (type == UnixLink)
        {
            throw new RejectedException("plugin.zip.link", ("file", name));
        }

        if (type is not (0 or UnixFile) || name.EndsWith('/')
            || (BinaryPrimitives.ReadUInt16LittleEndian(entry[8..]) & Encrypted) != 0
            || BinaryPrimitives.ReadUInt16LittleEndian(entry[10..]) is not (0 or 8))
        {
            throw new RejectedException("plugin.zip.special", ("file", name));
        }
    }

    private static void CheckSizes(List<ZipEntry> entries)
    {
        if (entries.Sum(entry => entry.Length) > PackageLimits.UnpackedBytes
            || entries.Exists(entry => entry.Length > PackageLimits.RatioCountsFrom && entry.Length / PackageLimits.Ratio > entry.PackedLength))
        {
            throw new RejectedException("plugin.zip.bomb", ("limit", PackageLimits.Megabytes(PackageLimits.UnpackedBytes)));
        }
    }
}
