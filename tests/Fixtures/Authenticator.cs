using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Calango.Tests.Fixtures;

/// <summary>A device with one passkey, after WebAuthn Level 3 and apart from the server's own. What it says can be bent.</summary>
public sealed class Authenticator : IDisposable
{
    private const byte Present = 0x01;
    private const byte Verified = 0x04;
    private const byte WithKey = 0x40;

    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly byte[] _id = RandomNumberGenerator.GetBytes(32);

    /// <summary>The page that it believes to answer.</summary>
    public required string Origin { get; set; }

    /// <summary>Whose passkey it is, in the server's words; it learns that when it makes one.</summary>
    public string User { get; set; } = "";

    /// <summary>How often it has signed.</summary>
    public uint Count { get; set; }

    /// <summary>Whether it counts that; one that is on several devices doesn't.</summary>
    public bool IsCounting { get; set; } = true;

    /// <summary>Whether its owner showed that it is them.</summary>
    public bool IsVerified { get; set; } = true;

    /// <summary>Makes its passkey.</summary>
    public string Make(string options)
    {
        using var asked = JsonDocument.Parse(options);
        User = asked.RootElement.GetProperty("user").GetProperty("id").GetString()!;
        var data = Data(asked.RootElement.GetProperty("rp").GetProperty("id").GetString()!, WithKey, [.. new byte[16], 0, (byte)_id.Length, .. _id, .. PublicKey()]);
        // CBOR: {"fmt": "none", "attStmt": {}, "authData": data}
        byte[] attestation = [0xA3, 0x63, .. "fmt"u8, 0x64, .. "none"u8, 0x67, .. "attStmt"u8, 0xA0, 0x68, .. "authData"u8, 0x58, checked((byte)data.Length), .. data];
        return Credential(new { clientDataJSON = Text(Client("webauthn.create", asked)), attestationObject = Text(attestation), transports = new[] { "internal" } });
    }

    /// <summary>Signs with it.</summary>
    public string Answer(string options)
    {
        using var asked = JsonDocument.Parse(options);
        Count += IsCounting ? 1u : 0u;
        var data = Data(asked.RootElement.GetProperty("rpId").GetString()!, 0, []);
        var client = Client("webauthn.get", asked);
        var signature = _key.SignData([.. data, .. SHA256.HashData(client)], HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        return Credential(new { clientDataJSON = Text(client), authenticatorData = Text(data), signature = Text(signature), userHandle = User });
    }

    /// <inheritdoc/>
    public void Dispose() => _key.Dispose();

    private static string Text(byte[] bytes) => Base64Url.EncodeToString(bytes);

    private byte[] Client(string type, JsonDocument asked) =>
        JsonSerializer.SerializeToUtf8Bytes(new { type, challenge = asked.RootElement.GetProperty("challenge").GetString(), origin = Origin, crossOrigin = false });

    private byte[] Data(string site, byte flags, byte[] rest)
    {
        var count = new byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(count, Count);
        return [.. SHA256.HashData(Encoding.UTF8.GetBytes(site)), (byte)(Present | (IsVerified ? Verified : 0) | flags), .. count, .. rest];
    }

    // CBOR, of COSE: {1: 2, 3: -7, -1: 1, -2: x, -3: y}
    private byte[] PublicKey()
    {
        var point = _key.ExportParameters(includePrivateParameters: false).Q;
        return [0xA5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20, .. point.X!, 0x22, 0x58, 0x20, .. point.Y!];
    }

    private string Credential(object response) =>
        JsonSerializer.Serialize(new { id = Text(_id), rawId = Text(_id), type = "public-key", clientExtensionResults = new { }, response });
}
