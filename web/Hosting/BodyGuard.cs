using Calango.Web.Api;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Metadata;

namespace Calango.Web.Hosting;

/// <summary>
/// Refuses a body that says it is larger than its page takes, before a byte of it is sent and before anybody reads it as a form. A page
/// that takes more than others takes no more than those of somebody who was refused, and in a form that can carry no files.
/// </summary>
internal sealed class BodyGuard(RequestDelegate next)
{
    public async Task InvokeAsync(HttpContext context)
    {
        var most = CanHaveFiles(context.Request) && context.GetEndpoint()?.Metadata.GetMetadata<IRequestSizeLimitMetadata>()?.MaxRequestBodySize is { } own ? own : CalangoHost.LargestBody;
        if (context.Request.ContentLength > most)
        {
            throw new BadHttpRequestException("The body is larger than the page takes.", StatusCodes.Status413PayloadTooLarge);
        }

        await next(context);
        if (context.Response.StatusCode is StatusCodes.Status401Unauthorized or StatusCodes.Status403Forbidden
            && context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            // To answer the next request on this connection, the server reads what is sent for this one up to here, and else hangs up.
            limit.MaxRequestBodySize = Math.Min(most, CalangoHost.LargestBody);
        }
    }

    // A program sends a file as it is, and may say nothing, or something wrong, of its type.
    private static bool CanHaveFiles(HttpRequest request) =>
        ApiRoutes.Has(request.Path) || request.ContentType?.StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase) is not true;
}
