using System.Text.Json;

namespace Calango.Core.Identity;

/// <summary>The claims that every token of a provider has, with the checks that are the same for all.</summary>
internal sealed class TokenClaims
{
    private const int MaxSubjectLength = 255;

    // Clocks differ; a login takes seconds.
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan OldestIssue = TimeSpan.FromMinutes(10);

    private readonly LoginClient _client;
    private readonly DateTimeOffset _now;

    /// <summary>Reads what a token says; it must have been checked to be signed.</summary>
    /// <exception cref="LoginRefusedException">It is no object.</exception>
    public TokenClaims(Jws token, LoginClient client, DateTimeOffset now) => (All, _client, _now) = (StrictJson.ReadObject(token.Payload), client, now);

    /// <summary>All of them.</summary>
    public JsonElement All { get; }

    /// <summary>Checks who issued it for whom, and when.</summary>
    /// <exception cref="LoginRefusedException">It is another's, for somebody else, or not of this time.</exception>
    public void CheckOrigin()
    {
        if (Text("iss") != _client.Issuer)
        {
            throw new LoginRefusedException(LoginRefusal.IssuerWrong);
        }

        CheckAudience();
        var issuedAt = Time("iat") ?? throw new LoginRefusedException(LoginRefusal.IssuedAtMissing);
        var expiresAt = Time("exp") ?? throw new LoginRefusedException(LoginRefusal.ExpiryMissing);
        Refuse(issuedAt > _now + Skew, LoginRefusal.IssuedInFuture);
        Refuse(expiresAt <= _now - Skew || expiresAt <= issuedAt, LoginRefusal.Expired);
        Refuse(issuedAt < _now - OldestIssue - Skew, LoginRefusal.IssuedTooLongAgo);
        Refuse(Time("nbf") > _now + Skew, LoginRefusal.NotYetValid);
    }

    /// <summary>Checks that the person logged in after a time.</summary>
    /// <exception cref="LoginRefusedException">They did not, or it isn't said.</exception>
    public void CheckLoginSince(DateTimeOffset time) => Refuse(Time("auth_time") is not { } at || at < time - Skew || at > _now + Skew, LoginRefusal.LoginTooOld);

    /// <summary>Whom it names; null: nobody.</summary>
    /// <exception cref="LoginRefusedException">It is no name.</exception>
    public string? Subject => Text("sub") is not { } subject ? null
        : subject.Length is > 0 and <= MaxSubjectLength && !subject.Any(char.IsControl) ? subject
        : throw new LoginRefusedException(LoginRefusal.ClaimMalformed);

    /// <summary>A claim that is text; null: it is not there.</summary>
    /// <exception cref="LoginRefusedException">It is something else.</exception>
    public string? Text(string name) => All.Text(name, LoginRefusal.ClaimMalformed);

    /// <summary>The provider's session; null: none is named.</summary>
    /// <exception cref="LoginRefusedException">It is no name of one.</exception>
    public string? SessionId => Text("sid") is not { } session ? null
        : session.Length is > 0 and <= MaxSubjectLength ? session
        : throw new LoginRefusedException(LoginRefusal.ClaimMalformed);

    private void CheckAudience()
    {
        var audience = All.TryGetProperty("aud", out var claim) && claim.ValueKind == JsonValueKind.String
            ? [claim.GetString()!]
            : All.Texts("aud", LoginRefusal.ClaimMalformed) ?? [];
        Refuse(!audience.Contains(_client.ClientId), LoginRefusal.AudienceWrong);
        var party = Text("azp");
        Refuse(party is null && audience.Count > 1, LoginRefusal.AuthorizedPartyMissing);
        Refuse(party is not null && party != _client.ClientId, LoginRefusal.AuthorizedPartyWrong);
    }

    private DateTimeOffset? Time(string name)
    {
        if (!All.TryGetProperty(name, out var claim))
        {
            return null;
        }

        // To the year 9999, beyond which there is no time here.
        return claim.ValueKind == JsonValueKind.Number && claim.TryGetDouble(out var seconds) && seconds is >= 0 and < 253_402_300_800
            ? DateTimeOffset.UnixEpoch.AddSeconds(seconds)
            : throw new LoginRefusedException(LoginRefusal.ClaimMalformed);
    }

    private static void Refuse(bool broken, LoginRefusal reason)
    {
        if (broken)
        {
            throw new LoginRefusedException(reason);
        }
    }
}
