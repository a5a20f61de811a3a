using System.Text.Json;
using System.Text.Json.Serialization;
using Calango.Core.Errors;

namespace Calango.Core.Plugins;

/// <summary>What <c>plugin.sig</c> says: a signature of the manifest's exact bytes, and the key that it can be checked with.</summary>
internal sealed record PackageSignature
{
    /// <summary>The name of the file in a package.</summary>
    public const string FileName = "plugin.sig";

    private const string Ecdsa = "ES256";

    public required string Algorithm { get; init; }

    /// <summary>Base64 of the key's SubjectPublicKeyInfo.</summary>
    public required string PublicKey { get; init; }

    /// <summary>Base64 of the 64 bytes of r and s.</summary>
    public required string Signature { get; init; }

    public static byte[] Write(PublisherKey key, ReadOnlySpan<byte> manifest) => JsonSerializer.SerializeToUtf8Bytes(
        new PackageSignature { Algorithm = Ecdsa, PublicKey = key.PublicKey, Signature = Convert.ToBase64String(key.Sign(manifest)) },
        SignatureJson.Default.PackageSignature);

    /// <summary>Checks it and returns the public half of the key that signed.</summary>
    /// <exception cref="RejectedException">It is malformed, of another key than the manifest names, or of other bytes.</exception>
    public static string Check(ReadOnlySpan<byte> signature, ReadOnlySpan<byte> manifestBytes, PluginManifest manifest)
    {
        var (read, value) = Read(signature);
        using var key = PublisherKey.FromPublic(read.PublicKey);
        return key.Id != manifest.Key ? throw new RejectedException("plugin.signature.otherKey")
            : !key.Verifies(manifestBytes, value) ? throw new RejectedException("plugin.signature.wrong")
            : key.PublicKey;
    }

    private static (PackageSignature Read, byte[] Value) Read(ReadOnlySpan<byte> json)
    {
        try
        {
            var read = JsonSerializer.Deserialize(json, SignatureJson.Default.PackageSignature);
            return read is { Algorithm: Ecdsa } ? (read, Convert.FromBase64String(read.Signature)) : throw new RejectedException("plugin.signature.form");
        }
        catch (Exception exception) when (exception is JsonException or FormatException)
        {
            throw new RejectedException("plugin.signature.form");
        }
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(PackageSignature))]
internal sealed partial class SignatureJson : JsonSerializerContext;
