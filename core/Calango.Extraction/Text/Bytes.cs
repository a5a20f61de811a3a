using System.Buffers.Binary;
using System.Text;

namespace Calango.Extraction;

/// <summary>Text whose encoding nobody told.</summary>
internal static class Bytes
{
    private const int Looked = 8 * 1024;

    static Bytes() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    /// <summary>The first bytes of a file.</summary>
    public static byte[] Head(string path, int count = Looked)
    {
        using var file = File.OpenRead(path);
        var head = new byte[(int)Math.Min(count, file.Length)];
        return head[..file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)];
    }

    /// <summary>The text of a file: what its first bytes say, UTF-8 if it is that, or else what Windows wrote in the west.</summary>
    /// <param name="path">The file.</param>
    /// <param name="named">An encoding that it names itself, believed where the bytes say nothing else.</param>
    public static string ReadText(string path, Func<string, string?>? named = null) => Decode(File.ReadAllBytes(path), named);

    /// <summary>The same of bytes.</summary>
    public static string Decode(byte[] bytes, Func<string, string?>? named = null)
    {
        if (Marked(bytes) is { } marked)
        {
            return marked.GetString(bytes).TrimStart('\uFEFF');
        }

        try
        {
            return new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return (Named(named?.Invoke(Encoding.Latin1.GetString(bytes, 0, Math.Min(Looked, bytes.Length)))) ?? Encoding.GetEncoding(1252)).GetString(bytes);
        }
    }

    /// <summary>The encoding that the first bytes are of; null: they don't say.</summary>
    public static Encoding? Marked(ReadOnlySpan<byte> bytes) =>
        bytes.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]) ? Encoding.UTF8
        : bytes.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE, 0, 0]) ? Encoding.UTF32
        : bytes.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]) ? Encoding.Unicode
        : bytes.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]) ? Encoding.BigEndianUnicode
        : null;

    /// <summary>Whether these first bytes are text of any encoding: hardly a control character in them.</summary>
    public static bool AreText(ReadOnlySpan<byte> head)
    {
        var controls = 0;
        foreach (var value in head)
        {
            if (value == 0)
            {
                return Marked(head) is not null;
            }

            controls += value < 32 && value is not (9 or 10 or 12 or 13 or 27) ? 1 : 0;
        }

        return controls * 100 <= head.Length;
    }

    /// <summary>The names in the first directory sector of a compound file, as Office wrote them before 2007.</summary>
    public static string CompoundNames(string path)
    {
        using var file = File.OpenRead(path);
        var header = new byte[512];
        file.ReadExactly(header);
        var sector = 1L << BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(30));
        var directory = new byte[4096];
        file.Position = (BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(48)) + 1) * sector;
        return Encoding.Unicode.GetString(directory, 0, file.ReadAtLeast(directory, directory.Length, throwOnEndOfStream: false) & ~1);
    }

    private static Encoding? Named(string? name)
    {
        try
        {
            return name is null ? null : Encoding.GetEncoding(name);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
