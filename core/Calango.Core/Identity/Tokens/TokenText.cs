using System.Numerics;
using System.Security.Cryptography;

namespace Calango.Core.Identity;

/// <summary>
/// How a token is written: a prefix by which those who search for lost secrets know it, 190 bits of chance, and a checksum, so that
/// what is mistyped or made up costs no question to the database. After
/// https://github.blog/engineering/platform-security/behind-githubs-new-authentication-token-formats/, with CRC-32C.
/// </summary>
internal static class TokenText
{
    public const int BeginningLength = 12;

    private const string Prefix = "calango_";
    private const string Alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private const int SecretLength = 32;
    private const int ChecksumLength = 6;

    public static string Make()
    {
        var secret = RandomNumberGenerator.GetString(Alphabet, SecretLength);
        return Prefix + secret + ChecksumOf(secret);
    }

    public static bool IsWhole(string text) =>
        text.Length == Prefix.Length + SecretLength + ChecksumLength
        && text.StartsWith(Prefix, StringComparison.Ordinal)
        && text.AsSpan(^ChecksumLength..).SequenceEqual(ChecksumOf(text.AsSpan(Prefix.Length, SecretLength)));

    public static string BeginningOf(string text) => text[..BeginningLength];

    private static string ChecksumOf(ReadOnlySpan<char> secret)
    {
        var crc = uint.MaxValue;
        foreach (var letter in secret)
        {
            crc = BitOperations.Crc32C(crc, letter);
        }

        return string.Create(ChecksumLength, ~crc, static (digits, rest) =>
        {
            for (var place = digits.Length - 1; place >= 0; place--)
            {
                digits[place] = Alphabet[(int)(rest % Alphabet.Length)];
                rest /= (uint)Alphabet.Length;
            }
        });
    }
}
