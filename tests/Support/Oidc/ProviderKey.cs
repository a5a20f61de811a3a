using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace Calango.Tests.Support.Oidc;

/// <summary>A key with which a provider signs. Made once: making one of RSA takes a while.</summary>
public sealed class ProviderKey
{
    private readonly RSA? _rsa;
    private readonly ECDsa? _ec;

    private ProviderKey(string id, RSA? rsa, ECDsa? ec) => (Id, _rsa, _ec) = (id, rsa, ec);

    /// <summary>Of RSA, 2,048 bits.</summary>
    public static ProviderKey Rsa { get; } = new("rsa-1", RSA.Create(2048), null);

    /// <summary>Another like it.</summary>
    public static ProviderKey OtherRsa { get; } = new("rsa-2", RSA.Create(2048), null);

    /// <summary>Too short.</summary>
    public static ProviderKey ShortRsa { get; } = new("short", RSA.Create(1024), null);

    /// <summary>Of ECDSA.</summary>
    public static ProviderKey P256 { get; } = new("ec-256", null, ECDsa.Create(ECCurve.NamedCurves.nistP256));

    /// <inheritdoc cref="P256"/>
    public static ProviderKey P384 { get; } = new("ec-384", null, ECDsa.Create(ECCurve.NamedCurves.nistP384));

    /// <inheritdoc cref="P256"/>
    public static ProviderKey P521 { get; } = new("ec-521", null, ECDsa.Create(ECCurve.NamedCurves.nistP521));

    /// <summary>Its name.</summary>
    public string Id { get; }

    /// <summary>As others may see it.</summary>
    public JsonObject Public()
    {
        var key = new JsonObject { ["kid"] = Id, ["use"] = "sig" };
        if (_rsa is not null)
        {
            var parameters = _rsa.ExportParameters(false);
            (key["kty"], key["n"], key["e"]) = ("RSA", Base64Url.EncodeToString(parameters.Modulus), Base64Url.EncodeToString(parameters.Exponent));
        }
        else
        {
            var parameters = _ec!.ExportParameters(false);
            (key["kty"], key["crv"]) = ("EC", $"P-{_ec.KeySize}");
            (key["x"], key["y"]) = (Base64Url.EncodeToString(parameters.Q.X), Base64Url.EncodeToString(parameters.Q.Y));
        }

        return key;
    }

    /// <summary>The public half as a certificate's file has it: with it as a secret, a careless client takes it for an HMAC's.</summary>
    public byte[] Pem() => System.Text.Encoding.ASCII.GetBytes(_rsa?.ExportSubjectPublicKeyInfoPem() ?? _ec!.ExportSubjectPublicKeyInfoPem());

    /// <summary>Signs.</summary>
    /// <param name="algorithm">As a token names it.</param>
    /// <param name="data">What is signed.</param>
    /// <param name="der">Whether a signature of ECDSA has the form that tokens must not have.</param>
    public byte[] Sign(string algorithm, byte[] data, bool der = false)
    {
        var hash = new HashAlgorithmName("SHA" + algorithm[2..]);
        return _rsa is not null
            ? _rsa.SignData(data, hash, algorithm.StartsWith("PS", StringComparison.Ordinal) ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1)
            : _ec!.SignData(data, hash, der ? DSASignatureFormat.Rfc3279DerSequence : DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
    }
}
