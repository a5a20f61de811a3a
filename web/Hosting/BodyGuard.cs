using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Metadata;

namespace Calango.Web.Hosting;

/// <summary>
/// Refuses a body that says it is larger than its page takes, before a byte of it is sent and before anybody reads it as a form; and
/// hangs up on whoever sends one and may not.
/// </summary>
internal sealed class BodyGuard(RequestDelegate next)
{
    public async Task InvokeAsync(HttpContext context)
    {
        var most = context.GetEndpoint()?.Metadata.GetMetadata<IRequestSizeLimitMetadata>()?.MaxRequestBodySize ?? CalangoHost.LargestBody;
        if (context.Request.ContentLength > most)
        {
            throw new BadHttpRequestException("The body is larger than the page takes.", StatusCodes.Status413PayloadTooLarge);
        }

        await next(context);
        if (context.Response.StatusCode is StatusCodes.Status401Unauthorized or StatusCodes.Status403Forbidden
            && context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            // To answer the next request on this connection, the server would read all that is sent for this one.
            limit.MaxRequestBodySize = 0;
        }
    }
}
