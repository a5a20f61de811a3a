using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;

namespace Calango.Core.Sharing;

/// <summary>What a link holds, and what a browser keeps that has entered its password. Thread-safe.</summary>
internal sealed class ShareTokens(IDataProtectionProvider protection, TimeProvider clock)
{
    private const int Bytes = 32;

    private readonly IDataProtector _protector = protection.CreateProtector("Calango.Shares");

    /// <summary>Makes a token of 256 bits of chance.</summary>
    public static string Make() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Bytes));

    /// <summary>By which a link is found: how long that takes says nothing of a token that is nearly right.</summary>
    public static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));

    /// <summary>Closes a token so that it is worth nothing in another link's row.</summary>
    public byte[] Close(Guid shareId, string token) => TokensOf(shareId).Protect(Encoding.UTF8.GetBytes(token));

    /// <summary>Opens it again; null: what it was closed with is lost.</summary>
    public string? Open(Guid shareId, byte[] closed) => Try(() => Encoding.UTF8.GetString(TokensOf(shareId).Unprotect(closed)));

    /// <summary>What a browser keeps that has entered the password of a link.</summary>
    public string PassFor(Guid shareId) => Passes.Protect(JsonSerializer.Serialize(new Pass(shareId, clock.GetUtcNow())));

    /// <summary>Whether that is what a browser keeps of this link, and not for too long.</summary>
    public bool IsPassFor(Guid shareId, string? kept, TimeSpan lifetime) =>
        !string.IsNullOrEmpty(kept) && Try(() => JsonSerializer.Deserialize<Pass>(Passes.Unprotect(kept))) is { } pass && pass.ShareId == shareId && clock.GetUtcNow() - pass.At < lifetime;

    private IDataProtector Passes => _protector.CreateProtector("pass");

    private IDataProtector TokensOf(Guid shareId) => _protector.CreateProtector("token", shareId.ToString());

    private static T? Try<T>(Func<T?> open) where T : class
    {
        try
        {
            return open();
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private sealed record Pass(Guid ShareId, DateTimeOffset At);
}
