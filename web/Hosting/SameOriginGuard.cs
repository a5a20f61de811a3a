using Calango.Web.Api;
using Microsoft.Net.Http.Headers;

namespace Calango.Web.Hosting;

/// <summary>
/// Changes come from our own pages only: the browser says where a request comes from, and a page cannot forge that.
/// Stands beside the antiforgery token, not instead of it: a client that sends neither header still needs the token.
/// The API, which no cookie opens, also takes them from the pages that the operator names.
/// </summary>
internal sealed class SameOriginGuard(RequestDelegate next, HostSettings settings)
{
    private const string FetchSite = "Sec-Fetch-Site";

    public Task InvokeAsync(HttpContext context)
    {
        if (IsSafe(context.Request.Method) || ComesFromUs(context.Request) || MayUseApi(context.Request))
        {
            return next(context);
        }

        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        return Task.CompletedTask;
    }

    private static bool IsSafe(string method) => HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method);

    private bool MayUseApi(HttpRequest request) => ApiRoutes.Has(request.Path) && settings.ApiOrigins.Contains(request.Headers[HeaderNames.Origin].ToString());

    private static bool ComesFromUs(HttpRequest request)
    {
        var site = request.Headers[FetchSite].ToString();
        var origin = request.Headers[HeaderNames.Origin].ToString();
        return site is "" or "same-origin" or "none" && (origin is "" || origin == $"{request.Scheme}://{request.Host}");
    }
}
