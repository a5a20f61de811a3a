using System.Buffers.Text;
using System.Text;
using System.Text.Json.Nodes;

namespace Calango.Tests.Support.Oidc;

/// <summary>Makes signed tokens, good ones unless told otherwise.</summary>
public sealed class TokenForge
{
    /// <summary>With what it signs.</summary>
    public ProviderKey Key { get; set; } = ProviderKey.Rsa;

    /// <summary>How.</summary>
    public string Algorithm { get; set; } = "RS256";

    /// <summary>Bends the header.</summary>
    public Action<JsonObject>? Header { get; set; }

    /// <summary>Bends the header's text, for what no object can be.</summary>
    public Func<string, string>? HeaderText { get; set; }

    /// <summary>Bends the claims.</summary>
    public Action<JsonObject>? Claims { get; set; }

    /// <inheritdoc cref="HeaderText"/>
    public Func<string, string>? ClaimsText { get; set; }

    /// <summary>Signs in another way: of what is signed, the signature.</summary>
    public Func<byte[], byte[]>? Signature { get; set; }

    /// <summary>Bends the whole token.</summary>
    public Func<string, string>? Token { get; set; }

    /// <summary>Makes one.</summary>
    public string Make(JsonObject claims)
    {
        var header = new JsonObject { ["alg"] = Algorithm, ["kid"] = Key.Id };
        Header?.Invoke(header);
        Claims?.Invoke(claims);
        var signed = $"{Encode(Bend(header, HeaderText))}.{Encode(Bend(claims, ClaimsText))}";
        var bytes = Encoding.ASCII.GetBytes(signed);
        var token = $"{signed}.{Base64Url.EncodeToString(Signature is { } sign ? sign(bytes) : Key.Sign(Algorithm, bytes))}";
        return Token is { } bend ? bend(token) : token;
    }

    private static string Bend(JsonObject json, Func<string, string>? bend) => bend is null ? json.ToJsonString() : bend(json.ToJsonString());

    private static string Encode(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));
}
