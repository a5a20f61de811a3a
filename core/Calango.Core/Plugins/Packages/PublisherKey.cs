using System.Security.Cryptography;
using Calango.Core.Errors;

namespace Calango.Core.Plugins;

/// <summary>A key that plugins are signed with: ECDSA on the curve P-256. Its id is the SHA-256 of its public half.</summary>
public sealed class PublisherKey : IDisposable
{
    private const string Curve = "1.2.840.10045.3.1.7";
    private const int SignatureLength = 64;

    private readonly ECDsa _key;

    private PublisherKey(ECDsa key)
    {
        (_key, PublicKey) = (key, Convert.ToBase64String(key.ExportSubjectPublicKeyInfo()));
        Id = IdOf(PublicKey);
    }

    /// <summary>64 hexadecimal digits.</summary>
    public string Id { get; }

    /// <summary>The public half, as base64 of its SubjectPublicKeyInfo.</summary>
    public string PublicKey { get; }

    /// <summary>A new one.</summary>
    public static PublisherKey Create() => new(ECDsa.Create(ECCurve.NamedCurves.nistP256));

    /// <summary>Reads the private half from PEM.</summary>
    /// <exception cref="RejectedException">It is no key of this kind.</exception>
    public static PublisherKey FromPrivatePem(string pem) => Import(key => key.ImportFromPem(pem));

    /// <summary>Reads a public half: base64, or PEM.</summary>
    /// <exception cref="RejectedException">It is no key of this kind.</exception>
    public static PublisherKey FromPublic(string text) => Import(key =>
    {
        if (text.Contains("-----", StringComparison.Ordinal))
        {
            key.ImportFromPem(text);
        }
        else
        {
            key.ImportSubjectPublicKeyInfo(Convert.FromBase64String(text.Trim()), out _);
        }
    });

    /// <summary>The private half as PEM: whoever has it publishes in its owner's name.</summary>
    public string ExportPrivatePem() => _key.ExportPkcs8PrivateKeyPem() + "\n";

    /// <summary>Signs bytes.</summary>
    public byte[] Sign(ReadOnlySpan<byte> bytes) => _key.SignData(bytes, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);

    /// <summary>Whether a signature of these bytes is this key's.</summary>
    public bool Verifies(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> signature) => signature.Length == SignatureLength
        && _key.VerifyData(bytes, signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);

    /// <inheritdoc/>
    public void Dispose() => _key.Dispose();

    private static string IdOf(string publicKey) => Convert.ToHexStringLower(SHA256.HashData(Convert.FromBase64String(publicKey)));

    private static PublisherKey Import(Action<ECDsa> import)
    {
        var key = ECDsa.Create();
        try
        {
            import(key);
            return key.ExportParameters(includePrivateParameters: false).Curve.Oid.Value == Curve ? new PublisherKey(key) : throw new CryptographicException();
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException or FormatException)
        {
            key.Dispose();
            throw new RejectedException("plugin.key.form");
        }
    }
}
