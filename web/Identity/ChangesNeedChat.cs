using Calango.Core.Identity;
using Microsoft.AspNetCore.Authorization;

namespace Calango.Web.Identity;

/// <summary>Who may only read changes nothing but what is about their own account.</summary>
internal sealed class ChangesNeedChatRequirement : IAuthorizationRequirement;

internal sealed class ChangesNeedChat : AuthorizationHandler<ChangesNeedChatRequirement>
{
    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, ChangesNeedChatRequirement requirement)
    {
        if (context.User.IsInRole(nameof(Grants.Chat)) || (context.Resource is HttpContext http && (IsSafe(http.Request.Method) || IsAboutAccount(http))))
        {
            context.Succeed(requirement);
        }

        return Task.CompletedTask;
    }

    private static bool IsSafe(string method) => HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method);

    private static bool IsAboutAccount(HttpContext http) => http.Request.Path.StartsWithSegments("/account") || http.Request.Path.StartsWithSegments("/preferences");
}
