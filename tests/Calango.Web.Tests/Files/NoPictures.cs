using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Calango.Web.Tests.Files;

/// <summary>Files that say they are pictures, and are none, or none that anybody should open.</summary>
internal static class NoPictures
{
    public static TheoryData<string> Kinds => ["empty", "text", "svg", "html-in-jpeg-clothes", "cut", "bomb", "wall", "noise"];

    public static byte[] Of(string what) => what switch
    {
        "empty" => [],
        "text" => "hello"u8.ToArray(),
        "svg" => "<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"u8.ToArray(),
        "html-in-jpeg-clothes" => [0xFF, 0xD8, 0xFF, 0xE0, .. "<html><script>alert(1)</script>"u8],
        "cut" => Pictures.Photo()[..300],
        "bomb" => Png(30_000, 30_000, compressedZeros: 100_000_000),
        "wall" => Png(1_000_000_000, 1, compressedZeros: 10),
        _ => [0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10, .. Enumerable.Range(0, 5000).Select(number => (byte)(number * 37))],
    };

    private static byte[] Png(uint width, uint height, int compressedZeros)
    {
        using var file = new MemoryStream();
        file.Write([0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10]);
        var head = new byte[13];
        BinaryPrimitives.WriteUInt32BigEndian(head, width);
        BinaryPrimitives.WriteUInt32BigEndian(head.AsSpan(4), height);
        (head[8], head[9]) = (8, 0);
        Chunk(file, "IHDR", head);
        using var zeros = new MemoryStream();
        using (var zlib = new ZLibStream(zeros, CompressionLevel.Fastest, leaveOpen: true))
        {
            zlib.Write(new byte[compressedZeros]);
        }

        Chunk(file, "IDAT", zeros.ToArray());
        Chunk(file, "IEND", []);
        return file.ToArray();
    }

    private static void Chunk(MemoryStream file, string name, byte[] content)
    {
        var number = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, content.Length);
        file.Write(number);
        byte[] body = [.. Encoding.ASCII.GetBytes(name), .. content];
        file.Write(body);
        BinaryPrimitives.WriteUInt32BigEndian(number, Crc(body));
        file.Write(number);
    }

    private static uint Crc(byte[] bytes)
    {
        var crc = uint.MaxValue;
        foreach (var value in bytes)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) == 0 ? crc >> 1 : (crc >> 1) ^ 0xEDB88320;
            }
        }

        return ~crc;
    }
}
