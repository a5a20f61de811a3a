using System.Security.Cryptography;
using System.Text;

namespace Calango.Core.Identity;

/// <summary>The one secret that the operator gives the server; each use has a key of its own that follows from it (HKDF, RFC 5869). Immutable.</summary>
/// <param name="text">At least 32 characters.</param>
public sealed class ServerSecret(string text)
{
    private readonly byte[] _key = Encoding.UTF8.GetBytes(text);

    /// <summary>The key of a use.</summary>
    /// <param name="purpose">The use.</param>
    /// <param name="length">In bytes.</param>
    internal byte[] Derive(string purpose, int length) => HKDF.DeriveKey(HashAlgorithmName.SHA256, _key, length, info: Encoding.UTF8.GetBytes($"Calango {purpose}"));
}
