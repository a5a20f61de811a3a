using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Calango.Core.Identity;

/// <summary>Changes the code that the browser brought for tokens.</summary>
internal static class TokenEndpoint
{
    private const LoginRefusal Malformed = LoginRefusal.JsonMalformed;

    /// <summary>Asks for tokens. The verifier shows that it is we who began this login: a code that somebody else caught is worth nothing.</summary>
    /// <returns>The whole answer, in which there is an access token.</returns>
    /// <exception cref="LoginRefusedException">There are none.</exception>
    public static async Task<TokenAnswer> RedeemAsync(
        ProviderHttp http, Uri endpoint, bool secretInForm, LoginClient client, LoginAttempt attempt, string code, CancellationToken cancellationToken)
    {
        var form = new Dictionary<string, string>
        {
            ["grant_type"] = "authorization_code",
            ["code"] = code,
            ["redirect_uri"] = attempt.ReturnAddress,
            ["code_verifier"] = attempt.Verifier,
        };
        using var request = new HttpRequestMessage(HttpMethod.Post, endpoint);
        if (client.Secret is null || secretInForm)
        {
            form["client_id"] = client.ClientId;
            if (client.Secret is { } secret)
            {
                form["client_secret"] = secret;
            }
        }
        else
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(
                Encoding.UTF8.GetBytes($"{Uri.EscapeDataString(client.ClientId)}:{Uri.EscapeDataString(client.Secret)}")));
        }

        request.Content = new FormUrlEncodedContent(form);
        return Read(await http.AskAsync(request, cancellationToken));
    }

    private static TokenAnswer Read(ProviderAnswer answer)
    {
        if (answer.Status is not (HttpStatusCode.OK or HttpStatusCode.BadRequest or HttpStatusCode.Unauthorized))
        {
            throw new LoginRefusedException(LoginRefusal.StatusUnexpected);
        }

        var body = StrictJson.ReadObject(answer.Body);
        // GitHub says no with a status that says yes.
        if (answer.Status != HttpStatusCode.OK || body.TryGetProperty("error", out _))
        {
            throw new LoginRefusedException(body.Text("error", Malformed) is "invalid_client" or "incorrect_client_credentials" or "unauthorized_client"
                ? LoginRefusal.ClientRefused
                : LoginRefusal.CodeRefused);
        }

        if (body.Text("token_type", Malformed)?.Equals("Bearer", StringComparison.OrdinalIgnoreCase) != true)
        {
            throw new LoginRefusedException(LoginRefusal.AccessTokenType);
        }

        // It goes into a header.
        return body.Text("access_token", Malformed) is { Length: > 0 } token && token.All(character => character is > ' ' and < '\x7f')
            ? new TokenAnswer(token, body)
            : throw new LoginRefusedException(LoginRefusal.AccessTokenMissing);
    }
}

/// <summary>Tokens for a code.</summary>
/// <param name="AccessToken">With which more can be asked.</param>
/// <param name="Body">All that the provider answered.</param>
internal sealed record TokenAnswer(string AccessToken, JsonElement Body)
{
    /// <summary>Without them.</summary>
    public override string ToString() => nameof(TokenAnswer);
}
