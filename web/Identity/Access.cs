using System.Globalization;
using System.Security.Claims;
using System.Text.Encodings.Web;
using Calango.Core.Identity;
using Calango.Web.Hosting;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc.ApplicationModels;
using Microsoft.Extensions.Options;

namespace Calango.Web.Identity;

/// <summary>
/// Who may see what. On a laptop whoever reaches the server is its one person, and administers it; on a server people sign in.
/// What says nothing of it is for people who have signed in.
/// </summary>
internal static class Access
{
    /// <summary>The policy of everything that is set up for the whole server.</summary>
    public const string Admin = "Admin";

    /// <summary>The policy of what lets programs in and has them told.</summary>
    public const string Programs = "Programs";

    /// <summary>The claim of the session; a program's is its token.</summary>
    public const string Session = "session";

    /// <summary>The claim of what a program's token may be used for.</summary>
    public const string Scope = "scope";

    /// <summary>The claim of whoever's account is to be removed: from when on.</summary>
    public const string RemoveAt = "removeAt";

    /// <summary>The claim of whoever must have a second step and has none (<see cref="SecondStepGuard"/>).</summary>
    public const string LacksSecondStep = "lacksSecondStep";

    private const string LocalPerson = "LocalPerson";
    private const string SignedIn = "Session";
    private const string Token = "Token";

    public static IServiceCollection AddAccess(this IServiceCollection services, HostSettings settings)
    {
        var authentication = services.AddAuthentication(settings.Mode == HostMode.Desktop ? LocalPerson : SignedIn);
        _ = settings.Mode == HostMode.Desktop
            ? authentication.AddScheme<AuthenticationSchemeOptions, LocalPersonHandler>(LocalPerson, null)
            : authentication.AddScheme<AuthenticationSchemeOptions, SessionHandler>(SignedIn, null);
        authentication.AddScheme<AuthenticationSchemeOptions, TokenHandler>(Token, null);
        services.AddSingleton<IAuthorizationHandler, ChangesNeedChat>();
        services.AddAuthorizationBuilder()
            .AddPolicy(Admin, policy => policy.RequireRole(nameof(Grants.Administer)))
            .AddPolicy(Programs, policy => policy.RequireRole(nameof(Grants.Programs)))
            .SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().AddRequirements(new ChangesNeedChatRequirement()).Build());
        return services;
    }

    /// <summary>Only programs come in, whose token is for this. What is more than reading, its owner must be allowed to do as well.</summary>
    public static AuthorizationPolicy For(TokenScopes scope)
    {
        var policy = new AuthorizationPolicyBuilder(Token).RequireAuthenticatedUser().RequireClaim(Scope, scope.ToString());
        return scope is TokenScopes.ReadChats or TokenScopes.ReadKnowledge or TokenScopes.ReadTemplates ? policy.Build() : policy.RequireRole(nameof(Grants.Chat)).Build();
    }

    /// <summary>The pages that stand behind a policy, and those that stand before every door.</summary>
    public static void ForPages(PageConventionCollection pages) => pages
        .AuthorizeFolder("/Admin", Admin)
        .AuthorizeFolder("/Plugins", Admin)
        .AuthorizeFolder("/ToolServers", Admin)
        .AuthorizeFolder("/Models/Connections", Admin)
        .AuthorizeFolder("/Models/Local", Admin)
        .AuthorizePage("/Models/Embedders", Admin)
        .AuthorizePage("/Models/FirstRun", Admin)
        .AuthorizePage("/Models/Services", Admin)
        .AuthorizePage("/ServerSettings", Admin)
        .AuthorizeFolder("/Account/Tokens", Programs)
        .AuthorizeFolder("/Account/Webhooks", Programs)
        .AllowAnonymousToPage("/Offline")
        .AllowAnonymousToPage("/Account/SetUp")
        .AllowAnonymousToPage("/Account/SignIn")
        .AllowAnonymousToPage("/Account/Code")
        .AllowAnonymousToPage("/Account/Passkey")
        .AllowAnonymousToPage("/Account/Captcha")
        .AllowAnonymousToPage("/Account/SignUp")
        .AllowAnonymousToPage("/Account/SignUpLink")
        .AllowAnonymousToPage("/Account/EmailLink")
        .AllowAnonymousToPage("/Account/Forgotten")
        .AllowAnonymousToPage("/Account/Reset")
        .AllowAnonymousToPage("/Account/Logins/Start")
        .AllowAnonymousToPage("/Account/Logins/Return")
        .AllowAnonymousToPage("/Account/Invitation")
        .AllowAnonymousToPage("/Diagram")
        .AllowAnonymousToPage("/Sharing/Shown");

    /// <summary>What the rest of the server sees of somebody.</summary>
    public static ClaimsPrincipal Principal(string scheme, Guid accountId, string name, Grants grants, Guid? sessionId, DateTimeOffset? removeAt = null)
    {
        var identity = new ClaimsIdentity(scheme, ClaimTypes.Name, ClaimTypes.Role);
        identity.AddClaim(new Claim(ClaimTypes.NameIdentifier, accountId.ToString()));
        identity.AddClaim(new Claim(ClaimTypes.Name, name));
        if (sessionId is { } id)
        {
            identity.AddClaim(new Claim(Session, id.ToString()));
        }

        if (removeAt is { } at)
        {
            identity.AddClaim(new Claim(RemoveAt, at.ToString("O", CultureInfo.InvariantCulture)));
        }

        identity.AddClaims(Enum.GetValues<Grants>().Where(grant => grant != Grants.None && grants.HasFlag(grant)).Select(grant => new Claim(ClaimTypes.Role, grant.ToString())));
        return new ClaimsPrincipal(identity);
    }

    private sealed class LocalPersonHandler(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
    {
        private static readonly ClaimsPrincipal Person = Principal(LocalPerson, Account.LocalId, "", Grants.Chat | Grants.Administer | Grants.Programs, sessionId: null);

        protected override Task<AuthenticateResult> HandleAuthenticateAsync() =>
            Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(Person, LocalPerson)));
    }
}
