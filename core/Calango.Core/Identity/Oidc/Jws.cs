using System.Text;
using System.Text.Json;

namespace Calango.Core.Identity;

/// <summary>
/// A signed token in its compact form, read but not yet believed. What a token may say about how it is to be checked is the
/// name of an algorithm and of a key; all that would let it bring or point to a key of its own is refused.
/// </summary>
internal sealed class Jws
{
    /// <summary>Longer than a token with a thousand groups, and short enough to be held many times at once.</summary>
    public const int MaxLength = 64 * 1024;

    private const int MaxHeaderBytes = 4 * 1024;

    private static readonly (string Name, LoginRefusal Reason)[] RefusedHeaders =
    [
        ("enc", LoginRefusal.Encrypted), ("zip", LoginRefusal.Encrypted), ("cty", LoginRefusal.TypeWrong),
        ("jwk", LoginRefusal.HeaderBringsKey), ("jku", LoginRefusal.HeaderPointsToKey),
        ("x5c", LoginRefusal.HeaderBringsCertificate), ("x5u", LoginRefusal.HeaderPointsToCertificate),
        ("crit", LoginRefusal.HeaderCritical), ("b64", LoginRefusal.HeaderCritical),
    ];

    private readonly byte[] _signed;
    private readonly byte[] _signature;

    private Jws(JwsAlgorithm algorithm, string? keyId, byte[] payload, byte[] signed, byte[] signature) =>
        (Algorithm, KeyId, Payload, _signed, _signature) = (algorithm, keyId, payload, signed, signature);

    /// <summary>How it says that it is signed.</summary>
    public JwsAlgorithm Algorithm { get; }

    /// <summary>The key that it says it is signed with; null: it doesn't say.</summary>
    public string? KeyId { get; }

    /// <summary>What it says. Not to be believed before <see cref="Check"/>.</summary>
    public ReadOnlyMemory<byte> Payload { get; }

    /// <summary>Reads one.</summary>
    /// <param name="token">What came.</param>
    /// <param name="types">What may stand as its type, in lower case, where it has one: a token of one kind must not be taken for another.</param>
    /// <exception cref="LoginRefusedException">It is none, or one that is not accepted here.</exception>
    public static Jws Read(string token, params ReadOnlySpan<string> types)
    {
        if (token.Length > MaxLength)
        {
            throw new LoginRefusedException(LoginRefusal.TokenTooLarge);
        }

        var parts = token.Split('.');
        if (parts.Length != 3 || parts[0].Length == 0)
        {
            throw new LoginRefusedException(parts.Length == 5 ? LoginRefusal.Encrypted : LoginRefusal.TokenMalformed);
        }

        var header = StrictJson.ReadObject(HeaderOf(parts[0]));
        CheckHeader(header, types);
        var algorithm = JwsAlgorithm.Of(header.Text("alg", LoginRefusal.HeaderMalformed));
        if (parts[2].Length == 0)
        {
            throw new LoginRefusedException(LoginRefusal.SignatureMissing);
        }

        return new Jws(
            algorithm, header.Text("kid", LoginRefusal.HeaderMalformed), Decode(parts[1]),
            Encoding.ASCII.GetBytes(token, 0, token.LastIndexOf('.')), Decode(parts[2]));
    }

    /// <summary>Checks that a key signed it.</summary>
    /// <exception cref="LoginRefusedException">It did not.</exception>
    public void Check(SigningKey key) => key.Check(Algorithm, _signed, _signature);

    private static byte[] HeaderOf(string part)
    {
        var header = Decode(part);
        return header.Length <= MaxHeaderBytes ? header : throw new LoginRefusedException(LoginRefusal.TokenTooLarge);
    }

    private static byte[] Decode(string part) => CanonicalBase64.Read(part) ?? throw new LoginRefusedException(LoginRefusal.EncodingNotCanonical);

    private static void CheckHeader(JsonElement header, ReadOnlySpan<string> types)
    {
        foreach (var (name, reason) in RefusedHeaders)
        {
            if (header.TryGetProperty(name, out _))
            {
                throw new LoginRefusedException(reason);
            }
        }

        if (header.Text("typ", LoginRefusal.HeaderMalformed) is { } type && !types.Contains(type.ToLowerInvariant()))
        {
            throw new LoginRefusedException(LoginRefusal.TypeWrong);
        }
    }
}
