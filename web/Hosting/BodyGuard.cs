using Microsoft.AspNetCore.Http.Metadata;

namespace Calango.Web.Hosting;

/// <summary>Refuses a body that says it is larger than its page takes, before a byte of it is sent and before anybody reads it as a form.</summary>
internal sealed class BodyGuard(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
    {
        var most = context.GetEndpoint()?.Metadata.GetMetadata<IRequestSizeLimitMetadata>()?.MaxRequestBodySize ?? CalangoHost.LargestBody;
        return context.Request.ContentLength > most
            ? throw new BadHttpRequestException("The body is larger than the page takes.", StatusCodes.Status413PayloadTooLarge)
            : next(context);
    }
}
