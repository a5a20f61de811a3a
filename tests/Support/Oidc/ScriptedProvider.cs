using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace Calango.Tests.Support.Oidc;

/// <summary>
/// A provider of OpenID Connect on loopback. It keeps the protocol and checks that its client does: the code once, for the same
/// address, with the verifier and the secret. Each of its answers can be bent.
/// </summary>
public sealed class ScriptedProvider : IAsyncDisposable
{
    /// <summary>The client that it knows.</summary>
    public const string ClientId = "calango";

    /// <summary>With this secret, which has what must be escaped.</summary>
    public const string ClientSecret = "s3cret/with+signs=&:ü";

    private readonly LoopbackServer _server;
    private readonly TimeProvider _clock;
    private readonly ConcurrentDictionary<string, Grant> _grants = [];
    private readonly ConcurrentDictionary<string, int> _requests = [];

    private ScriptedProvider(LoopbackServer server, TimeProvider clock) => (_server, _clock) = (server, clock);

    /// <summary>Its name and address.</summary>
    public string Issuer => _server.Address;

    /// <summary>The keys that it lists.</summary>
    public List<ProviderKey> Keys { get; } = [ProviderKey.Rsa];

    /// <summary>Makes its id_tokens.</summary>
    public TokenForge IdToken { get; } = new();

    /// <summary>Bends its description.</summary>
    public Action<JsonObject>? Metadata { get; set; }

    /// <summary>Bends its list of keys.</summary>
    public Action<JsonObject>? KeyList { get; set; }

    /// <summary>Bends what the browser brings back.</summary>
    public Action<Dictionary<string, string?>>? Reply { get; set; }

    /// <summary>Bends its answer with tokens.</summary>
    public Action<JsonObject>? TokenAnswer { get; set; }

    /// <summary>What it tells of the person; null: it has no such address.</summary>
    public JsonObject? UserInfo { get; set; } = new() { ["sub"] = "ana-1", ["email"] = "ana@example.org", ["email_verified"] = true, ["name"] = "Ana" };

    /// <summary>Answers in another way than the protocol's, by path.</summary>
    public Dictionary<string, Func<HttpContext, Task>> Instead { get; } = [];

    /// <summary>Does something before it answers, by path.</summary>
    public Dictionary<string, Func<Task>> Before { get; } = [];

    /// <summary>How often a path was asked for.</summary>
    public int CountOf(string path) => _requests.GetValueOrDefault(path);

    /// <summary>Starts one.</summary>
    public static async Task<ScriptedProvider> StartAsync(TimeProvider clock)
    {
        ScriptedProvider? provider = null;
        var server = await LoopbackServer.StartAsync(context => provider!.AnswerAsync(context));
        provider = new ScriptedProvider(server, clock);
        return provider;
    }

    /// <summary>A token that says that somebody logged out.</summary>
    public string LogoutToken(Action<JsonObject>? bend = null, Action<JsonObject>? header = null)
    {
        var claims = new JsonObject
        {
            ["iss"] = Issuer, ["aud"] = ClientId, ["iat"] = Now, ["exp"] = Now + 120, ["jti"] = Guid.CreateVersion7().ToString(), ["sub"] = "ana-1", ["sid"] = "session-1",
            ["events"] = new JsonObject { ["http://schemas.openid.net/event/backchannel-logout"] = new JsonObject() },
        };
        return new TokenForge { Key = IdToken.Key, Algorithm = IdToken.Algorithm, Claims = bend, Header = header ?? (own => own["typ"] = "logout+jwt") }.Make(claims);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private long Now => _clock.GetUtcNow().ToUnixTimeSeconds();

    private async Task AnswerAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!;
        _requests.AddOrUpdate(path, 1, (_, count) => count + 1);
        if (Before.TryGetValue(path, out var act))
        {
            await act();
        }

        await (Instead.TryGetValue(path, out var instead) ? instead(context) : path switch
        {
            "/.well-known/openid-configuration" => WriteAsync(context, Bent(Description(), Metadata)),
            "/keys" => WriteAsync(context, Bent(new JsonObject { ["keys"] = new JsonArray([.. Keys.Select(key => key.Public())]) }, KeyList)),
            "/authorize" => AuthorizeAsync(context),
            "/token" => RedeemAsync(context),
            "/userinfo" when UserInfo is { } told => WriteAsync(context, (JsonObject)told.DeepClone(), context.Request.Headers.Authorization == "Bearer access-1" ? 200 : 401),
            _ => WriteAsync(context, new JsonObject(), StatusCodes.Status404NotFound),
        });
    }

    private JsonObject Description()
    {
        var description = new JsonObject
        {
            ["issuer"] = Issuer,
            ["authorization_endpoint"] = $"{Issuer}/authorize",
            ["token_endpoint"] = $"{Issuer}/token",
            ["jwks_uri"] = $"{Issuer}/keys",
            ["end_session_endpoint"] = $"{Issuer}/end",
            ["response_types_supported"] = new JsonArray("code"),
            ["id_token_signing_alg_values_supported"] = new JsonArray("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "HS256", "none"),
            ["authorization_response_iss_parameter_supported"] = true,
        };
        if (UserInfo is not null)
        {
            description["userinfo_endpoint"] = $"{Issuer}/userinfo";
        }

        return description;
    }

    private Task AuthorizeAsync(HttpContext context)
    {
        var query = context.Request.Query;
        var code = Guid.CreateVersion7().ToString();
        _grants[code] = new Grant(query["nonce"]!, query["code_challenge"]!, query["redirect_uri"]!);
        var reply = new Dictionary<string, string?> { ["code"] = code, ["state"] = query["state"], ["iss"] = Issuer };
        Reply?.Invoke(reply);
        context.Response.Redirect(QueryHelpers.AddQueryString(query["redirect_uri"]!, reply));
        return Task.CompletedTask;
    }

    private async Task RedeemAsync(HttpContext context)
    {
        var form = await context.Request.ReadFormAsync();
        if (!IsClient(context.Request, form))
        {
            await WriteAsync(context, new JsonObject { ["error"] = "invalid_client" }, StatusCodes.Status401Unauthorized);
        }
        else if (form["grant_type"] != "authorization_code" || !_grants.TryRemove(form["code"].ToString(), out var grant) || form["redirect_uri"] != grant.ReturnAddress
            || Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(form["code_verifier"].ToString()))) != grant.Challenge)
        {
            await WriteAsync(context, new JsonObject { ["error"] = "invalid_grant" }, StatusCodes.Status400BadRequest);
        }
        else
        {
            var token = IdToken.Make(new JsonObject
            {
                ["iss"] = Issuer, ["sub"] = "ana-1", ["aud"] = ClientId, ["iat"] = Now, ["exp"] = Now + 300, ["auth_time"] = Now, ["nonce"] = grant.Nonce, ["sid"] = "session-1",
                ["at_hash"] = HashOf("access-1"), ["groups"] = new JsonArray("writers", "engineering"),
            });
            await WriteAsync(context, Bent(new JsonObject { ["access_token"] = "access-1", ["token_type"] = "Bearer", ["expires_in"] = 300, ["id_token"] = token }, TokenAnswer));
        }
    }

    private string HashOf(string accessToken)
    {
        var digest = CryptographicOperations.HashData(new HashAlgorithmName("SHA" + IdToken.Algorithm[2..]), Encoding.ASCII.GetBytes(accessToken));
        return Base64Url.EncodeToString(digest.AsSpan(0, digest.Length / 2));
    }

    private static bool IsClient(HttpRequest request, IFormCollection form) =>
        request.Headers.Authorization.ToString() is ['B', 'a', 's', 'i', 'c', ' ', .. var basic]
            ? Encoding.UTF8.GetString(Convert.FromBase64String(basic)).Split(':') is [var id, var secret]
                && Uri.UnescapeDataString(id) == ClientId && Uri.UnescapeDataString(secret) == ClientSecret
            : form["client_id"] == ClientId && form["client_secret"] == ClientSecret;

    private static JsonObject Bent(JsonObject json, Action<JsonObject>? bend)
    {
        bend?.Invoke(json);
        return json;
    }

    private static Task WriteAsync(HttpContext context, JsonObject json, int status = StatusCodes.Status200OK)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(json.ToJsonString());
    }

    private sealed record Grant(string Nonce, string Challenge, string ReturnAddress);
}
