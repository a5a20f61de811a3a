using System.Text.Json;

namespace Calango.Core.Identity;

/// <summary>The token with which a provider says that somebody logged out (OpenID Connect Back-Channel Logout 1.0).</summary>
internal static class LogoutToken
{
    private const string Event = "http://schemas.openid.net/event/backchannel-logout";

    /// <summary>Reads and checks one. Each can be used once.</summary>
    /// <exception cref="LoginRefusedException">A check failed.</exception>
    public static async Task<ExternalLogout> ReadAsync(
        string token, LoginClient client, ProviderDirectory directory, LogoutsSeen seen, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var jws = Jws.Read(token, "jwt", "logout+jwt");
        await directory.CheckAsync(jws, cancellationToken);
        var claims = new TokenClaims(jws, client, now);
        claims.CheckOrigin();
        if (!claims.All.TryGetProperty("events", out var events) || events.ValueKind != JsonValueKind.Object
            || !events.TryGetProperty(Event, out var logout) || logout.ValueKind != JsonValueKind.Object)
        {
            throw new LoginRefusedException(LoginRefusal.LogoutEventMissing);
        }

        if (claims.All.TryGetProperty("nonce", out _))
        {
            throw new LoginRefusedException(LoginRefusal.LogoutHasNonce);
        }

        var (subject, session) = (claims.Subject, claims.SessionId);
        if (subject is null && session is null)
        {
            throw new LoginRefusedException(LoginRefusal.LogoutNamesNobody);
        }

        var id = claims.Text("jti") ?? throw new LoginRefusedException(LoginRefusal.LogoutIdMissing);
        seen.Add(client.Id, id, now);
        return new ExternalLogout(client.Id, subject, session);
    }
}
