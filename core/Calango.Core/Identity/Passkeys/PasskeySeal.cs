using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;

namespace Calango.Core.Identity;

/// <summary>Closes what was asked of a browser into what it keeps until it answers.</summary>
internal sealed class PasskeySeal(IDataProtectionProvider protection, TimeProvider clock)
{
    private readonly IDataProtector _protector = protection.CreateProtector("Calango.Passkeys");

    public string Close(BegunPasskey begun) => _protector.Protect(JsonSerializer.Serialize(begun));

    /// <summary>Opens it again; null: it is none, or too old.</summary>
    public BegunPasskey? Open(string? kept)
    {
        try
        {
            var begun = string.IsNullOrEmpty(kept) ? null : JsonSerializer.Deserialize<BegunPasskey>(_protector.Unprotect(kept));
            return begun is not null && clock.GetUtcNow() - begun.At < PasskeySignIn.Lifetime ? begun : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}

/// <summary>What was asked of a browser.</summary>
/// <param name="At">When.</param>
/// <param name="State">What the answer is checked against; null: anything.</param>
/// <param name="Owner">For whom a passkey is to be made; null: somebody wants to sign in.</param>
internal sealed record BegunPasskey(DateTimeOffset At, string? State, PasskeyOwner? Owner = null);

/// <summary>For whom a passkey is to be made.</summary>
/// <param name="AccountId">Whose it will be.</param>
/// <param name="Stamp">Their security stamp: with another one, nothing comes of it.</param>
/// <param name="Name">As they call it.</param>
internal sealed record PasskeyOwner(Guid AccountId, string Stamp, string Name);
