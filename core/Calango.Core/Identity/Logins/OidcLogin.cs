using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;

namespace Calango.Core.Identity;

/// <summary>Logins with a provider of OpenID Connect: the code flow with PKCE, and nothing else.</summary>
internal sealed class OidcLogin : ILoginProtocol
{
    private static readonly JsonElement Nothing = JsonDocument.Parse("{}").RootElement;

    private readonly LoginClient _client;
    private readonly TimeProvider _clock;
    private readonly ProviderHttp _http;
    private readonly ProviderDirectory _directory;

    /// <exception cref="LoginRefusedException">The issuer is no address of one.</exception>
    public OidcLogin(LoginClient client, TimeProvider clock)
    {
        (_client, _clock) = (client, clock);
        _http = new ProviderHttp(ProviderAddress.ReadIssuer(client.Issuer, client.AllowsPlainLoopback), clock);
        _directory = new ProviderDirectory(client.Issuer, client.AllowsPlainLoopback, _http, clock);
    }

    public async Task<Uri> BeginAsync(LoginAttempt attempt, CancellationToken cancellationToken)
    {
        var provider = await _directory.DescribeAsync(cancellationToken);
        var query = new Dictionary<string, string?>
        {
            ["response_type"] = "code",
            ["client_id"] = _client.ClientId,
            ["redirect_uri"] = attempt.ReturnAddress,
            ["scope"] = string.Join(' ', _client.Scopes.Prepend("openid").Distinct(StringComparer.Ordinal)),
            ["state"] = attempt.State,
            ["nonce"] = attempt.Nonce,
            ["code_challenge"] = attempt.Challenge(),
            ["code_challenge_method"] = "S256",
        };
        if (attempt.Purpose == LoginPurpose.Confirm)
        {
            (query["prompt"], query["max_age"]) = ("login", "0");
        }

        return new Uri(QueryHelpers.AddQueryString(provider.AuthorizationEndpoint.AbsoluteUri, query));
    }

    public async Task<ExternalIdentity> FinishAsync(LoginAttempt attempt, ProviderReply answer, CancellationToken cancellationToken)
    {
        var provider = await _directory.DescribeAsync(cancellationToken);
        // Before the code goes anywhere: another provider's answer must not be brought to this one (RFC 9207).
        CheckIssuer(provider, answer.Issuer);
        var tokens = await TokenEndpoint.RedeemAsync(_http, provider.TokenEndpoint, provider.TakesSecretInForm, _client, attempt, answer.CodeOrRefusal(), cancellationToken);
        var token = tokens.Body.Text("id_token", LoginRefusal.JsonMalformed) ?? throw new LoginRefusedException(LoginRefusal.IdTokenMissing);
        var claims = await IdToken.ReadAsync(token, tokens.AccessToken, _client, attempt, _directory, _clock.GetUtcNow(), cancellationToken);
        var told = provider.UserInfoEndpoint is { } endpoint
            ? await UserInfo.ReadAsync(_http, endpoint, tokens.AccessToken, claims.Subject!, cancellationToken)
            : Nothing;
        return IdentityOf(claims, ClaimReader.Merge(claims.All, told), token);
    }

    /// <summary>Whom a provider logs out.</summary>
    /// <exception cref="LoginRefusedException">A check failed.</exception>
    public Task<ExternalLogout> ReadLogoutAsync(string token, LogoutsSeen seen, CancellationToken cancellationToken) =>
        LogoutToken.ReadAsync(token, _client, _directory, seen, _clock.GetUtcNow(), cancellationToken);

    /// <summary>Where a browser goes to be logged out at the provider, too; null: it has no such page (RP-Initiated Logout 1.0).</summary>
    /// <exception cref="LoginRefusedException">The provider cannot be used now.</exception>
    public async Task<Uri?> EndSessionAsync(string? idToken, string returnAddress, CancellationToken cancellationToken)
    {
        var provider = await _directory.DescribeAsync(cancellationToken);
        var query = new Dictionary<string, string?> { ["client_id"] = _client.ClientId, ["post_logout_redirect_uri"] = returnAddress };
        if (idToken is not null)
        {
            query["id_token_hint"] = idToken;
        }

        return provider.EndSessionEndpoint is { } endpoint ? new Uri(QueryHelpers.AddQueryString(endpoint.AbsoluteUri, query)) : null;
    }

    public void Dispose() => _http.Dispose();

    private static void CheckIssuer(ProviderMetadata provider, string? issuer)
    {
        if (issuer is null ? provider.NamesItself : issuer != provider.Issuer)
        {
            throw new LoginRefusedException(issuer is null ? LoginRefusal.AnswerIssuerMissing : LoginRefusal.AnswerIssuerWrong);
        }
    }

    private ExternalIdentity IdentityOf(TokenClaims token, JsonElement claims, string idToken) => new(_client.Id, _client.Issuer, token.Subject!)
    {
        Email = ClaimReader.Text(claims, "email"),
        EmailVerified = ClaimReader.IsTrue(claims, "email_verified") && ClaimReader.Text(claims, "email") is not null,
        Name = ClaimReader.Text(claims, "name") ?? ClaimReader.Text(claims, "preferred_username"),
        Groups = ClaimReader.Groups(claims, _client.GroupClaim),
        SessionId = token.SessionId,
        IdToken = idToken,
        Claims = claims,
    };
}
