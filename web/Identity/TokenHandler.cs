using System.Security.Claims;
using System.Text.Encodings.Web;
using Calango.Core.Errors;
using Calango.Core.Identity;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace Calango.Web.Identity;

/// <summary>
/// Knows a program by the token that it sends as RFC 6750, section 2.1 says, in the header: what stands in an address ends up in
/// logs. A cookie opens nothing here, so no page of anybody's can ask in its reader's name.
/// </summary>
internal sealed class TokenHandler(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder, AccessTokens tokens)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    private const string Bearer = "Bearer ";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var header = Request.Headers.Authorization.ToString();
        if (!header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) || await tokens.FindAsync(header[Bearer.Length..].Trim(), Context.RequestAborted) is not { } bearer)
        {
            return AuthenticateResult.NoResult();
        }

        if (bearer.LacksSecondStep)
        {
            throw new RejectedException(SecondStepGuard.Code);
        }

        var person = Access.Principal(Scheme.Name, bearer.AccountId, bearer.Name, bearer.Grants, bearer.TokenId);
        ((ClaimsIdentity)person.Identity!).AddClaims(Enum.GetValues<TokenScopes>().Where(scope => scope != TokenScopes.None && bearer.Scopes.HasFlag(scope)).Select(scope => new Claim(Access.Scope, scope.ToString())));
        return AuthenticateResult.Success(new AuthenticationTicket(person, Scheme.Name));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.StatusCode = StatusCodes.Status401Unauthorized;
        // RFC 6750, section 3.1: nothing is said of an error where no token came.
        Response.Headers[HeaderNames.WWWAuthenticate] = Request.Headers.Authorization.Count == 0 ? "Bearer" : "Bearer error=\"invalid_token\"";
        return Task.CompletedTask;
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties)
    {
        Response.StatusCode = StatusCodes.Status403Forbidden;
        Response.Headers[HeaderNames.WWWAuthenticate] = "Bearer error=\"insufficient_scope\"";
        return Task.CompletedTask;
    }
}
