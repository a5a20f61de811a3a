using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;

namespace Calango.Core.Identity;

/// <summary>Closes what nobody else shall read or make: a device's key, and how far somebody's browser has come.</summary>
internal sealed class SecondStepSeal(IDataProtectionProvider protection, TimeProvider clock)
{
    private readonly IDataProtector _protector = protection.CreateProtector("Calango.SecondSteps");

    /// <summary>Closes a key so that it is worth nothing in another account's row.</summary>
    public byte[] CloseKey(Guid accountId, byte[] key) => KeysOf(accountId).Protect(key);

    /// <summary>Opens a key; null: what it was closed with is lost, and no code fits any more.</summary>
    public byte[]? OpenKey(Guid accountId, byte[] closed) => Try(() => KeysOf(accountId).Unprotect(closed));

    /// <summary>Closes what a browser keeps of what was begun.</summary>
    public string Close(SecondStepPurpose purpose, BegunStep begun) => _protector.CreateProtector(purpose.ToString()).Protect(JsonSerializer.Serialize(begun));

    /// <summary>Opens it again; null: it is none, was begun for something else, or too long ago.</summary>
    public BegunStep? Open(SecondStepPurpose purpose, string? kept, TimeSpan lifetime)
    {
        var begun = string.IsNullOrEmpty(kept) ? null : Try(() => JsonSerializer.Deserialize<BegunStep>(_protector.CreateProtector(purpose.ToString()).Unprotect(kept)));
        return begun is not null && clock.GetUtcNow() - begun.At < lifetime ? begun : null;
    }

    private IDataProtector KeysOf(Guid accountId) => _protector.CreateProtector("key", accountId.ToString());

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
}

/// <summary>For what something was begun.</summary>
internal enum SecondStepPurpose
{
    /// <summary>To sign in: the password was right.</summary>
    SignIn,

    /// <summary>To set a device up: the key was shown.</summary>
    SetUp,
}

/// <summary>What was begun.</summary>
/// <param name="AccountId">By whom.</param>
/// <param name="Stamp">Their security stamp: with another one, nothing comes of it.</param>
/// <param name="At">When.</param>
/// <param name="Key">The key that was shown; null: none was.</param>
internal sealed record BegunStep(Guid AccountId, string Stamp, DateTimeOffset At, byte[]? Key = null);
