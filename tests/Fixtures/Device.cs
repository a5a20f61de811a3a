using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;

namespace Calango.Tests.Fixtures;

/// <summary>An app that makes codes, after RFC 6238 and apart from the server's own.</summary>
public sealed class Device
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private readonly byte[] _key;

    /// <param name="key">The key, as somebody types it.</param>
    public Device(string key) => _key = Bytes(key);

    /// <summary>A key as bytes.</summary>
    public static byte[] Bytes(string key)
    {
        var bits = string.Concat(key.Where(letter => letter != ' ').Select(letter => Convert.ToString(Alphabet.IndexOf(letter, StringComparison.Ordinal), 2).PadLeft(5, '0')));
        return [.. bits.Chunk(8).Select(eight => Convert.ToByte(new string(eight), 2))];
    }

    /// <summary>The code of now, or of so many half minutes later. The server takes one of the next half minute, too: so a test can use two.</summary>
    [SuppressMessage("Security", "CA5350:Do Not Use Weak Cryptographic Algorithms", Justification = "Devices use it.")]
    public string Code(int later = 0)
    {
        var counter = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(counter, (TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() / 30) + later);
        var hash = HMACSHA1.HashData(_key, counter);
        var place = hash[^1] & 0xF;
        var value = ((hash[place] & 0x7F) << 24) | (hash[place + 1] << 16) | (hash[place + 2] << 8) | hash[place + 3];
        return (value % 1_000_000).ToString("D6", CultureInfo.InvariantCulture);
    }
}
