using System.Security.Claims;
using System.Text.Encodings.Web;
using Calango.Core.Identity;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Mvc.ApplicationModels;
using Microsoft.Extensions.Options;

namespace Calango.Web.Hosting;

/// <summary>Who may see what. There are no accounts yet: whoever reaches the server is its one person, and administers it.</summary>
internal static class Access
{
    /// <summary>The policy of everything that is set up for the whole server.</summary>
    public const string Admin = "Admin";

    private const string LocalPerson = "LocalPerson";

    public static IServiceCollection AddAccess(this IServiceCollection services)
    {
        services.AddAuthentication(LocalPerson).AddScheme<AuthenticationSchemeOptions, LocalPersonHandler>(LocalPerson, null);
        services.AddAuthorizationBuilder().AddPolicy(Admin, policy => policy.RequireRole(Admin));
        return services;
    }

    /// <summary>The pages that stand behind the policy.</summary>
    public static void ForAdmins(PageConventionCollection pages) => pages
        .AuthorizeFolder("/Admin", Admin)
        .AuthorizeFolder("/Plugins", Admin)
        .AuthorizeFolder("/ToolServers", Admin)
        .AuthorizeFolder("/Models/Connections", Admin)
        .AuthorizeFolder("/Models/Local", Admin)
        .AuthorizePage("/ServerSettings", Admin);

    private sealed class LocalPersonHandler(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
    {
        private static readonly ClaimsPrincipal Person = new(new ClaimsIdentity(
            [new Claim(ClaimTypes.NameIdentifier, Account.LocalId.ToString()), new Claim(ClaimTypes.Role, Admin)], LocalPerson));

        protected override Task<AuthenticateResult> HandleAuthenticateAsync() =>
            Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(Person, LocalPerson)));
    }
}
