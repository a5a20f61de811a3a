using System.Globalization;
using System.Security.Claims;
using System.Text.Encodings.Web;
using Calango.Core.Identity;
using Calango.Web.Hosting;
using Calango.Web.Htmx;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace Calango.Web.Identity;

/// <summary>
/// Knows a browser by its session's cookie, which holds a key and nothing else. Signing in always opens a new session and ends
/// the one before: a cookie that somebody planted is worth nothing.
/// </summary>
internal sealed class SessionHandler(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder, Sessions sessions, HostSettings settings, TimeProvider clock)
    : SignInAuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    /// <summary>Under which the provider's login is handed over with which somebody comes.</summary>
    public const string LoginParameter = "login";

    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(14);
    // Of 32 bytes in base64url. What is of another length is no key, and no database need be asked.
    private const int KeyLength = 43;

    private string CookieName => settings.CookieName("session");

    private string? Key => Request.Cookies[CookieName] is { Length: KeyLength } key ? key : null;

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (IsForEverybody() || Key is not { } key || await sessions.FindAsync(key, Context.RequestAborted) is not { } person)
        {
            return AuthenticateResult.NoResult();
        }

        if (person.IsToBeRenewed(clock.GetUtcNow()))
        {
            await sessions.RenewAsync(key, person, Lifetime, Context.RequestAborted);
            SetCookie(key);
        }

        var principal = Access.Principal(Scheme.Name, person.AccountId, person.Name, person.Grants, person.SessionId, person.RemoveAt);
        if (person.LacksSecondStep)
        {
            ((ClaimsIdentity)principal.Identity!).AddClaim(new Claim(Access.LacksSecondStep, bool.TrueString));
        }

        return AuthenticateResult.Success(new AuthenticationTicket(principal, Scheme.Name));
    }

    protected override async Task HandleSignInAsync(ClaimsPrincipal user, AuthenticationProperties? properties)
    {
        if (Key is { } before)
        {
            await sessions.EndAsync(before, Context.RequestAborted);
        }

        var accountId = Guid.Parse(user.FindFirstValue(ClaimTypes.NameIdentifier)!, CultureInfo.InvariantCulture);
        var login = properties?.GetParameter<ExternalIdentity>(LoginParameter);
        SetCookie(await sessions.OpenAsync(accountId, Request.Headers.UserAgent.ToString(), Context.ClientAddress(), Lifetime, login, Context.RequestAborted));
    }

    protected override async Task HandleSignOutAsync(AuthenticationProperties? properties)
    {
        if (Key is { } key)
        {
            await sessions.EndAsync(key, Context.RequestAborted);
        }

        Response.Cookies.Delete(CookieName, Cookie());
        // What they wrote and did not send is no business of whoever sits here next.
        Response.Headers["Clear-Site-Data"] = "\"storage\"";
    }

    // Whoever opened a page comes back to it; what a script or a form asked for cannot be carried through a page of its own.
    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        if (HttpMethods.IsGet(Request.Method) && !Request.IsHtmx() && Request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase))
        {
            Response.Redirect($"/sign-in?returnUrl={Uri.EscapeDataString(Request.Path + Request.QueryString)}");
        }
        else
        {
            Response.StatusCode = StatusCodes.Status401Unauthorized;
            // RFC 9110, 15.5.2 wants one; there is no registered scheme for a form.
            Response.Headers[HeaderNames.WWWAuthenticate] = "Session";
        }

        return Task.CompletedTask;
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties)
    {
        Response.StatusCode = StatusCodes.Status403Forbidden;
        return Task.CompletedTask;
    }

    // Files need no database, nor does the question whether the server lives. A page before the door may ask who is there.
    private bool IsForEverybody() => Context.GetEndpoint()?.Metadata is { } about
        && about.GetMetadata<IAllowAnonymous>() is not null && about.GetMetadata<PageActionDescriptor>() is null;

    private void SetCookie(string key) => Response.Cookies.Append(CookieName, key, Cookie());

    private CookieOptions Cookie() => new() { HttpOnly = true, IsEssential = true, MaxAge = Lifetime, Path = "/", SameSite = Microsoft.AspNetCore.Http.SameSiteMode.Lax, Secure = settings.IsHttps };
}
