using Calango.Core.Audit;
using Calango.Core.Identity;
using Calango.Web.Hosting;

namespace Calango.Web.Identity;

/// <summary>Where providers say that somebody has logged out there (OpenID Connect Back-Channel Logout 1.0): their sessions end here, too.</summary>
internal static partial class BackChannelLogout
{
    private const int LargestBody = 128 * 1024;

    public static void MapBackChannelLogout(this IEndpointRouteBuilder endpoints, HostSettings settings)
    {
        if (settings.Mode == HostMode.Server)
        {
            endpoints.MapPost("/sign-in/{provider:guid}/logout", AnswerAsync).AllowAnonymous().RequireRateLimiting(SignInLimit.Logouts).DisableAntiforgery();
        }
    }

    // It comes from the provider's own server, without a cookie: what it may do, the token's signature says.
    private static async Task<IResult> AnswerAsync(HttpContext context, Guid provider, Logins logins, LoginProviders providers, Sessions sessions, RequestAudit audit, ILoggerFactory loggers)
    {
        if (!context.Request.HasFormContentType || context.Request.ContentLength is not <= LargestBody)
        {
            return Results.BadRequest();
        }

        try
        {
            var form = await context.Request.ReadFormAsync(context.RequestAborted);
            var logout = await logins.ReadLogoutAsync(provider, form["logout_token"].ToString(), context.RequestAborted);
            // They end although the provider has gone meanwhile: its token is not good a second time.
            if (await sessions.EndAsync(logout, CancellationToken.None) > 0)
            {
                await audit.WriteAsync(AuditActs.LoggedOutThere, (await providers.FindAsync(provider, CancellationToken.None)).Name);
            }

            return Results.Ok();
        }
        catch (LoginRefusedException refused)
        {
            LogRefused(loggers.CreateLogger(typeof(BackChannelLogout)), provider, refused.Reason);
            return Results.BadRequest();
        }
    }

    [LoggerMessage(LogLevel.Warning, "A logout that the provider {Provider} is said to have sent was refused: {Reason}.")]
    private static partial void LogRefused(ILogger logger, Guid provider, LoginRefusal reason);
}
