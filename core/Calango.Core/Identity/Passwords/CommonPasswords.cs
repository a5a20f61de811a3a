using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Calango.Core.Identity;

/// <summary>
/// The passwords that whoever guesses tries first: those of breaches that are long enough to be taken here. Of each there is the beginning of a hash alone
/// (docs/decisions/common-passwords.md). Thread-safe.
/// </summary>
public static class CommonPasswords
{
    private static readonly Lazy<ulong[]> Known = new(Read);

    /// <summary>Whether a password is one of them, in any case of letters.</summary>
    public static bool Contains(string password) => Array.BinarySearch(Known.Value, HashOf(password)) >= 0;

    private static ulong HashOf(string password) => BinaryPrimitives.ReadUInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(password.ToLowerInvariant())));

    private static ulong[] Read()
    {
        using var file = typeof(CommonPasswords).Assembly.GetManifestResourceStream("common-passwords.bin")!;
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return [.. bytes.Chunk(sizeof(ulong)).Select(hash => BinaryPrimitives.ReadUInt64BigEndian(hash))];
    }
}
