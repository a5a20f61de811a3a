using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;

namespace Calango.Core.Identity;

/// <summary>Closes a login that was begun into what its browser keeps, and opens it again when the browser comes back.</summary>
internal sealed class LoginSeal(IDataProtectionProvider protection, TimeProvider clock)
{
    /// <summary>How long somebody may take to log in.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(15);

    private readonly IDataProtector _protector = protection.CreateProtector("Calango.Logins", "attempt");

    /// <summary>Closes one.</summary>
    public string Close(LoginAttempt attempt) => _protector.Protect(JsonSerializer.Serialize(attempt));

    /// <summary>Opens the one that a browser kept for a state.</summary>
    /// <exception cref="LoginRefusedException">It kept none, or another's, or kept it too long.</exception>
    public LoginAttempt Open(string? kept, string? state, Guid providerId)
    {
        var attempt = Open(kept);
        if (attempt is null || state is null || !CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(state), Encoding.UTF8.GetBytes(attempt.State)))
        {
            throw new LoginRefusedException(LoginRefusal.StateUnknown);
        }

        return attempt.ProviderId != providerId ? throw new LoginRefusedException(LoginRefusal.StateOfAnotherProvider)
            : clock.GetUtcNow() - attempt.StartedAt >= Lifetime ? throw new LoginRefusedException(LoginRefusal.StateExpired)
            : attempt;
    }

    private LoginAttempt? Open(string? kept)
    {
        try
        {
            return string.IsNullOrEmpty(kept) ? null : JsonSerializer.Deserialize<LoginAttempt>(_protector.Unprotect(kept));
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
