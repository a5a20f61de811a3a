using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace Calango.Tests.Support.Oidc;

/// <summary>As much of an organisation's own GitHub as a login needs, on loopback. Each of its answers can be replaced.</summary>
public sealed class ScriptedGitHub : IAsyncDisposable
{
    /// <summary>The client that it knows.</summary>
    public const string ClientId = "Iv1.calango";

    /// <summary>With this secret.</summary>
    public const string ClientSecret = "github-secret";

    private const string Token = "gho_access";

    private readonly LoopbackServer _server;
    private readonly ConcurrentDictionary<string, (string Challenge, string ReturnAddress)> _grants = [];

    private ScriptedGitHub(LoopbackServer server) => _server = server;

    /// <summary>Where it is.</summary>
    public string Address => _server.Address;

    /// <summary>What its API says, by path.</summary>
    public Dictionary<string, string> Answers { get; } = new()
    {
        ["/api/v3/user"] = """{"login":"ana","id":4711,"name":"Ana","email":"written-by-herself@example.org"}""",
        ["/api/v3/user/emails"] = """[{"email":"old@example.org","primary":false,"verified":true},{"email":"ana@example.org","primary":true,"verified":true}]""",
        ["/api/v3/user/orgs"] = """[{"login":"calango-org"},{"login":"lizards"}]""",
    };

    /// <summary>The scopes that were asked for last.</summary>
    public string Scopes { get; private set; } = "";

    /// <summary>Starts one.</summary>
    public static async Task<ScriptedGitHub> StartAsync()
    {
        ScriptedGitHub? gitHub = null;
        var server = await LoopbackServer.StartAsync(context => gitHub!.AnswerAsync(context));
        gitHub = new ScriptedGitHub(server);
        return gitHub;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private Task AnswerAsync(HttpContext context) => context.Request.Path.Value switch
    {
        "/login/oauth/authorize" => AuthorizeAsync(context),
        "/login/oauth/access_token" => RedeemAsync(context),
        { } path when context.Request.Headers.Authorization == $"Bearer {Token}" && Answers.TryGetValue(path, out var answer) => context.Response.WriteAsync(answer),
        _ => RefuseAsync(context),
    };

    private Task AuthorizeAsync(HttpContext context)
    {
        var query = context.Request.Query;
        var code = Guid.CreateVersion7().ToString("N");
        Scopes = query["scope"].ToString();
        _grants[code] = (query["code_challenge"].ToString(), query["redirect_uri"].ToString());
        context.Response.Redirect(QueryHelpers.AddQueryString(query["redirect_uri"]!, new Dictionary<string, string?> { ["code"] = code, ["state"] = query["state"] }));
        return Task.CompletedTask;
    }

    private async Task RedeemAsync(HttpContext context)
    {
        var form = await context.Request.ReadFormAsync();
        var isGood = form["client_id"] == ClientId && form["client_secret"] == ClientSecret
            && _grants.TryRemove(form["code"].ToString(), out var grant) && form["redirect_uri"] == grant.ReturnAddress
            && Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(form["code_verifier"].ToString()))) == grant.Challenge;
        var answer = isGood
            ? new JsonObject { ["access_token"] = Token, ["token_type"] = "bearer", ["scope"] = "read:user,user:email" }
            : new JsonObject { ["error"] = "bad_verification_code", ["error_description"] = "The code passed is incorrect or expired." };
        // It writes JSON only for who asks for it, and never a status that says no.
        await context.Response.WriteAsync(context.Request.Headers.Accept.ToString().Contains("application/json", StringComparison.Ordinal) ? answer.ToJsonString() : "error=form");
    }

    private static Task RefuseAsync(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return context.Response.WriteAsync("""{"message":"Not Found"}""");
    }
}
