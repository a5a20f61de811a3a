using System.Security.Cryptography;
using System.Text.Json;

namespace Calango.Core.Identity;

/// <summary>A public key of a provider, out of its list. One that must not be used says why when it is.</summary>
internal sealed class SigningKey
{
    private const int LeastRsaBits = 2048;

    // A signature under a longer one takes so long to check that it could be used to keep the server busy.
    private const int MostRsaBits = 8192;

    private readonly string _type;
    private readonly string? _curve;
    private readonly string? _algorithm;
    private readonly RSAParameters _rsa;
    private readonly ECParameters _ec;
    private readonly LoginRefusal? _fault;

    private SigningKey(JsonElement jwk)
    {
        const LoginRefusal malformed = LoginRefusal.KeysMalformed;
        _type = jwk.Text("kty", malformed) ?? throw new LoginRefusedException(malformed);
        Id = jwk.Text("kid", malformed);
        _algorithm = jwk.Text("alg", malformed);
        _curve = jwk.Text("crv", malformed);
        IsForSignatures = jwk.Text("use", malformed) is null or "sig" && (jwk.Texts("key_ops", malformed)?.Contains("verify") ?? true);
        // Whoever publishes the private half has no key any more.
        _fault = jwk.TryGetProperty("d", out _) ? LoginRefusal.KeyMalformed
            : _type == "RSA" ? ReadRsa(jwk, out _rsa)
            : _type == "EC" ? ReadEc(jwk, _curve, out _ec)
            : LoginRefusal.KeyOfAnotherAlgorithm;
    }

    /// <summary>Its name; null: it has none.</summary>
    public string? Id { get; }

    /// <summary>Whether it is a key for signatures.</summary>
    public bool IsForSignatures { get; }

    /// <summary>Reads one of a list; null: it is none, and the list may have others.</summary>
    public static SigningKey? Read(JsonElement jwk)
    {
        try
        {
            return jwk.ValueKind == JsonValueKind.Object ? new SigningKey(jwk) : null;
        }
        catch (LoginRefusedException)
        {
            return null;
        }
    }

    /// <summary>Whether signatures of this kind can be of it.</summary>
    public bool Fits(JwsAlgorithm algorithm) =>
        (algorithm.Padding is null ? _type == "EC" && _curve == algorithm.Curve : _type == "RSA") && (_algorithm is null || _algorithm == algorithm.Name);

    /// <summary>Checks a signature.</summary>
    /// <exception cref="LoginRefusedException">It is not this key's, or the key must not be used.</exception>
    public void Check(JwsAlgorithm algorithm, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        if (_fault is { } fault)
        {
            throw new LoginRefusedException(fault);
        }

        var refusal = algorithm.Padding is null ? CheckEc(algorithm, data, signature) : CheckRsa(algorithm, data, signature);
        if (refusal is { } reason)
        {
            throw new LoginRefusedException(reason);
        }
    }

    private LoginRefusal? CheckRsa(JwsAlgorithm algorithm, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        if (signature.Length != _rsa.Modulus!.Length)
        {
            return LoginRefusal.SignatureForm;
        }

        if (!signature.ContainsAnyExcept((byte)0))
        {
            return LoginRefusal.SignatureZero;
        }

        using var key = RSA.Create(_rsa);
        return key.VerifyData(data, signature, algorithm.Hash, algorithm.Padding!) ? null : LoginRefusal.SignatureWrong;
    }

    private LoginRefusal? CheckEc(JwsAlgorithm algorithm, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        // Two numbers side by side; DER has another length, and several ways to write each number.
        if (signature.Length != 2 * algorithm.CoordinateBytes)
        {
            return LoginRefusal.SignatureForm;
        }

        if (!signature[..algorithm.CoordinateBytes].ContainsAnyExcept((byte)0) || !signature[algorithm.CoordinateBytes..].ContainsAnyExcept((byte)0))
        {
            return LoginRefusal.SignatureZero;
        }

        using var key = ECDsa.Create(_ec);
        return key.VerifyData(data, signature, algorithm.Hash, DSASignatureFormat.IeeeP1363FixedFieldConcatenation) ? null : LoginRefusal.SignatureWrong;
    }

    private static LoginRefusal? ReadRsa(JsonElement jwk, out RSAParameters parameters)
    {
        var (modulus, exponent) = (Number(jwk, "n"), Number(jwk, "e"));
        parameters = new RSAParameters { Modulus = modulus, Exponent = exponent };
        if (modulus is null || exponent is null || modulus.Length == 0 || modulus[0] == 0 || (modulus[^1] & 1) == 0
            || exponent.Length is 0 or > 4 || exponent[0] == 0 || (exponent[^1] & 1) == 0)
        {
            return LoginRefusal.KeyMalformed;
        }

        var bits = 8 * modulus.Length - byte.LeadingZeroCount(modulus[0]);
        // With an exponent of one, every text is its own signature.
        return bits < LeastRsaBits || exponent is [1] ? LoginRefusal.KeyTooWeak
            : bits > MostRsaBits ? LoginRefusal.KeyMalformed
            : IsKey(() => RSA.Create(new RSAParameters { Modulus = modulus, Exponent = exponent })) ? null : LoginRefusal.KeyMalformed;
    }

    private static LoginRefusal? ReadEc(JsonElement jwk, string? name, out ECParameters parameters)
    {
        var (curve, length) = name switch
        {
            "P-256" => (ECCurve.NamedCurves.nistP256, 32),
            "P-384" => (ECCurve.NamedCurves.nistP384, 48),
            "P-521" => (ECCurve.NamedCurves.nistP521, 66),
            _ => (default, 0),
        };
        var read = new ECParameters { Curve = curve, Q = new ECPoint { X = Number(jwk, "x"), Y = Number(jwk, "y") } };
        parameters = read;
        return length == 0 ? LoginRefusal.KeyOfAnotherAlgorithm
            // A point that is not on its curve gives its private key away, or anything else.
            : read.Q.X?.Length == length && read.Q.Y?.Length == length && IsKey(() => ECDsa.Create(read)) ? null : LoginRefusal.KeyMalformed;
    }

    private static byte[]? Number(JsonElement jwk, string name) => jwk.Text(name, LoginRefusal.KeysMalformed) is { } text ? CanonicalBase64.Read(text) : null;

    private static bool IsKey(Func<IDisposable> create)
    {
        try
        {
            create().Dispose();
            return true;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }
}
