using Calango.Core.Errors;
using Calango.Web.Htmx;
using Microsoft.AspNetCore.Authorization;

namespace Calango.Web.Identity;

/// <summary>
/// Whoever must have a second step and has none is led to where one is set up; until then nothing else is for them, but to sign out.
/// Their programs are told so by <see cref="TokenHandler"/>.
/// </summary>
internal sealed class SecondStepGuard(RequestDelegate next)
{
    /// <summary>What is answered instead.</summary>
    public const string Code = "secondStep.demanded";

    private const string SetUp = "/account/second-step";

    private static readonly PathString[] Open = [SetUp, "/account/passkeys", "/account/sessions"];

    public Task InvokeAsync(HttpContext context)
    {
        if (!context.User.HasClaim(claim => claim.Type == Access.LacksSecondStep) || IsForEverybody(context) || Open.Any(path => context.Request.Path.StartsWithSegments(path)))
        {
            return next(context);
        }

        if (context.Request.IsHtmx())
        {
            context.Response.Go(SetUp);
            context.Response.StatusCode = StatusCodes.Status204NoContent;
        }
        else if (HttpMethods.IsGet(context.Request.Method) && context.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase))
        {
            context.Response.Redirect(SetUp);
        }
        else
        {
            throw new RejectedException(Code);
        }

        return Task.CompletedTask;
    }

    private static bool IsForEverybody(HttpContext context) => context.GetEndpoint()?.Metadata.GetMetadata<IAllowAnonymous>() is not null;
}
