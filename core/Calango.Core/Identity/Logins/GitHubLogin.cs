using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;

namespace Calango.Core.Identity;

/// <summary>
/// Logins with GitHub, which speaks OAuth 2 without an id_token: who somebody is, its API tells, to whoever has the access
/// token that came directly from there. Its answers name no issuer; each provider has a return address of its own instead.
/// </summary>
internal sealed class GitHubLogin : ILoginProtocol
{
    private const string PublicHost = "github.com";
    private const int MostEmails = 100;

    private static readonly string[] NeededScopes = ["read:user", "user:email"];

    private readonly LoginClient _client;
    private readonly ProviderHttp _http;
    private readonly Uri _site;
    private readonly Uri _api;

    /// <exception cref="LoginRefusedException">The address is none.</exception>
    public GitHubLogin(LoginClient client, TimeProvider clock)
    {
        _client = client;
        var address = ProviderAddress.ReadIssuer(client.Issuer, client.AllowsPlainLoopback);
        _site = new Uri(address.AbsoluteUri.TrimEnd('/') + "/");
        _api = address.IdnHost == PublicHost ? new Uri("https://api.github.com/") : new Uri(_site, "api/v3/");
        _http = new ProviderHttp(address, clock);
    }

    public Task<Uri> BeginAsync(LoginAttempt attempt, CancellationToken cancellationToken)
    {
        if (attempt.Purpose == LoginPurpose.Confirm)
        {
            // It says nothing of when somebody logged in.
            throw new LoginRefusedException(LoginRefusal.NotSupported);
        }

        return Task.FromResult(new Uri(QueryHelpers.AddQueryString(new Uri(_site, "login/oauth/authorize").AbsoluteUri, new Dictionary<string, string?>
        {
            ["client_id"] = _client.ClientId,
            ["redirect_uri"] = attempt.ReturnAddress,
            ["scope"] = string.Join(' ', NeededScopes.Union(_client.Scopes)),
            ["state"] = attempt.State,
            ["code_challenge"] = attempt.Challenge(),
            ["code_challenge_method"] = "S256",
        })));
    }

    public async Task<ExternalIdentity> FinishAsync(LoginAttempt attempt, ProviderReply answer, CancellationToken cancellationToken)
    {
        var tokens = await TokenEndpoint.RedeemAsync(
            _http, new Uri(_site, "login/oauth/access_token"), secretInForm: true, _client, attempt, answer.CodeOrRefusal(), cancellationToken);
        var person = StrictJson.ReadObject(await AskAsync("user", tokens.AccessToken, cancellationToken));
        // The number: a name that was given up can become somebody else's.
        if (!person.TryGetProperty("id", out var id) || id.ValueKind != JsonValueKind.Number || !id.TryGetInt64(out var number) || number <= 0)
        {
            throw new LoginRefusedException(LoginRefusal.SubjectMissing);
        }

        var email = VerifiedEmail(await ReadListAsync("user/emails?per_page=100", tokens.AccessToken, cancellationToken));
        return new ExternalIdentity(_client.Id, _client.Issuer, number.ToString(CultureInfo.InvariantCulture))
        {
            Email = email,
            EmailVerified = email is not null,
            Name = ClaimReader.Text(person, "name") ?? ClaimReader.Text(person, "login"),
            Groups = await GroupsAsync(tokens.AccessToken, cancellationToken),
            Claims = person,
        };
    }

    public void Dispose() => _http.Dispose();

    // The address on somebody's page is what they wrote there; only this list says which one was verified.
    private static string? VerifiedEmail(JsonElement list) => list.EnumerateArray().Take(MostEmails)
        .Where(item => item.ValueKind == JsonValueKind.Object && ClaimReader.IsTrue(item, "primary") && ClaimReader.IsTrue(item, "verified"))
        .Select(item => ClaimReader.Text(item, "email")).FirstOrDefault(email => email is not null);

    // Organisations, where the administrator asks for them.
    private async Task<IReadOnlyList<string>> GroupsAsync(string accessToken, CancellationToken cancellationToken) =>
        !_client.Scopes.Contains("read:org") ? []
        : [.. (await ReadListAsync("user/orgs?per_page=100", accessToken, cancellationToken)).EnumerateArray()
            .Where(item => item.ValueKind == JsonValueKind.Object).Select(item => ClaimReader.Text(item, "login")).OfType<string>()];

    private async Task<JsonElement> ReadListAsync(string path, string accessToken, CancellationToken cancellationToken) =>
        StrictJson.ReadList(await AskAsync(path, accessToken, cancellationToken));

    private async Task<ReadOnlyMemory<byte>> AskAsync(string path, string accessToken, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(_api, path));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", accessToken);
        request.Headers.TryAddWithoutValidation("Accept", "application/vnd.github+json");
        var answer = await _http.AskAsync(request, cancellationToken);
        return answer.Status == HttpStatusCode.OK ? answer.Body : throw new LoginRefusedException(LoginRefusal.StatusUnexpected);
    }
}
