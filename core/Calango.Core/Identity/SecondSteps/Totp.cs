using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Calango.Core.Identity;

/// <summary>Codes that follow from a key and the time: RFC 6238 with what every app knows, six digits, each half minute, HMAC-SHA-1.</summary>
internal static class Totp
{
    public const int Digits = 6;
    public const int Period = 30;

    private const int KeyLength = 20;
    // A device's clock is a little wrong, and writing six digits takes a while.
    private const int Drift = 1;
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    public static byte[] NewKey() => RandomNumberGenerator.GetBytes(KeyLength);

    /// <summary>The time step of which a code is; null: of none that counts now.</summary>
    /// <param name="key">The key.</param>
    /// <param name="code">What somebody has entered, without spaces.</param>
    /// <param name="now">The time.</param>
    /// <param name="after">The last that was used up.</param>
    public static long? StepOf(byte[] key, string code, DateTimeOffset now, long after)
    {
        var current = now.ToUnixTimeSeconds() / Period;
        long? found = null;
        for (var step = current - Drift; step <= current + Drift; step++)
        {
            if (CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(CodeOf(key, step)), Encoding.UTF8.GetBytes(code)) && step > after)
            {
                found ??= step;
            }
        }

        return found;
    }

    /// <summary>A key as devices take it: base32 (RFC 4648, 6).</summary>
    public static string TextOf(byte[] key) =>
        string.Concat(Enumerable.Range(0, key.Length * 8 / 5).Select(place => Alphabet[Enumerable.Range(place * 5, 5).Aggregate(0, (value, bit) => (value << 1) | ((key[bit / 8] >> (7 - (bit % 8))) & 1))]));

    [SuppressMessage("Security", "CA5350:Do Not Use Weak Cryptographic Algorithms", Justification = "Devices know no other; collisions of SHA-1 do not weaken its HMAC (RFC 6238, B).")]
    private static string CodeOf(byte[] key, long step)
    {
        Span<byte> counter = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(counter, step);
        var hash = HMACSHA1.HashData(key, counter);
        var value = BinaryPrimitives.ReadInt32BigEndian(hash.AsSpan(hash[^1] & 0xF)) & int.MaxValue;
        return (value % 1_000_000).ToString("D6", CultureInfo.InvariantCulture);
    }
}
