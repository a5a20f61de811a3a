using System.Security.Cryptography;
using System.Text;

namespace Calango.Core.Identity;

/// <summary>The token that says who logged in (OpenID Connect Core 1.0, section 3.1.3.7).</summary>
internal static class IdToken
{
    /// <summary>Reads and checks one.</summary>
    /// <exception cref="LoginRefusedException">A check failed.</exception>
    public static async Task<TokenClaims> ReadAsync(
        string token, string accessToken, LoginClient client, LoginAttempt attempt, ProviderDirectory directory, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var jws = Jws.Read(token, "jwt");
        await directory.CheckAsync(jws, cancellationToken);
        var claims = new TokenClaims(jws, client, now);
        claims.CheckOrigin();
        CheckNonce(claims, attempt);
        CheckAccessToken(claims, jws.Algorithm, accessToken);
        if (claims.Subject is null)
        {
            throw new LoginRefusedException(LoginRefusal.SubjectMissing);
        }

        if (attempt.Purpose == LoginPurpose.Confirm)
        {
            claims.CheckLoginSince(attempt.StartedAt);
        }

        return claims;
    }

    // The nonce is in this browser's cookie: a token that was stolen from another login is worth nothing here.
    private static void CheckNonce(TokenClaims claims, LoginAttempt attempt)
    {
        var nonce = claims.Text("nonce") ?? throw new LoginRefusedException(LoginRefusal.NonceMissing);
        if (!CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(nonce), Encoding.UTF8.GetBytes(attempt.Nonce)))
        {
            throw new LoginRefusedException(LoginRefusal.NonceWrong);
        }
    }

    private static void CheckAccessToken(TokenClaims claims, JwsAlgorithm algorithm, string accessToken)
    {
        if (claims.Text("at_hash") is not { } hash)
        {
            return;
        }

        var digest = algorithm.Digest(Encoding.ASCII.GetBytes(accessToken));
        if (CanonicalBase64.Read(hash) is not { } half || !CryptographicOperations.FixedTimeEquals(half, digest.AsSpan(0, digest.Length / 2)))
        {
            throw new LoginRefusedException(LoginRefusal.AccessTokenHashWrong);
        }
    }
}
