using System.Collections.Frozen;
using System.Security.Cryptography;

namespace Calango.Core.Identity;

/// <summary>A way to sign. The list is closed: a token can choose from it, and from nothing else.</summary>
/// <param name="Name">As a token's header names it.</param>
/// <param name="Hash">The digest.</param>
/// <param name="Padding">That of RSA; null: it is ECDSA.</param>
/// <param name="Curve">That of ECDSA, as a key names it; null: it is RSA.</param>
/// <param name="CoordinateBytes">How long each half of a signature of ECDSA is.</param>
internal sealed record JwsAlgorithm(string Name, HashAlgorithmName Hash, RSASignaturePadding? Padding, string? Curve = null, int CoordinateBytes = 0)
{
    private static readonly FrozenDictionary<string, JwsAlgorithm> All = new JwsAlgorithm[]
    {
        new("RS256", HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1),
        new("RS384", HashAlgorithmName.SHA384, RSASignaturePadding.Pkcs1),
        new("RS512", HashAlgorithmName.SHA512, RSASignaturePadding.Pkcs1),
        new("PS256", HashAlgorithmName.SHA256, RSASignaturePadding.Pss),
        new("PS384", HashAlgorithmName.SHA384, RSASignaturePadding.Pss),
        new("PS512", HashAlgorithmName.SHA512, RSASignaturePadding.Pss),
        new("ES256", HashAlgorithmName.SHA256, null, "P-256", 32),
        new("ES384", HashAlgorithmName.SHA384, null, "P-384", 48),
        new("ES512", HashAlgorithmName.SHA512, null, "P-521", 66),
    }.ToFrozenDictionary(algorithm => algorithm.Name, StringComparer.Ordinal);

    /// <summary>Whether a name is on the list.</summary>
    public static bool Knows(string name) => All.ContainsKey(name);

    /// <summary>The one that a header names.</summary>
    /// <exception cref="LoginRefusedException">It is not on the list.</exception>
    public static JwsAlgorithm Of(string? name) =>
        name is not null && All.TryGetValue(name, out var algorithm) ? algorithm
        : throw new LoginRefusedException(
            name is null || name.Equals("none", StringComparison.OrdinalIgnoreCase) ? LoginRefusal.AlgorithmNone
            : name.StartsWith("HS", StringComparison.OrdinalIgnoreCase) ? LoginRefusal.AlgorithmSymmetric
            : LoginRefusal.AlgorithmUnknown);

    /// <summary>The digest of something that a signed token vouches for.</summary>
    public byte[] Digest(ReadOnlySpan<byte> data) => CryptographicOperations.HashData(Hash, data);
}
