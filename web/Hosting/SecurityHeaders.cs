using Microsoft.AspNetCore.StaticAssets;

namespace Calango.Web.Hosting;

/// <summary>What a browser may do with our pages. Pages with a policy of their own overwrite it.</summary>
internal sealed class SecurityHeaders(RequestDelegate next, HostSettings settings)
{
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; font-src 'self'; " +
        "media-src 'self' blob:; frame-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

    public Task InvokeAsync(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        // Not "no-referrer": browsers then send "Origin: null" with a plain form.
        headers["Referrer-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), microphone=(self), geolocation=(), payment=(), usb=()";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["X-Request-Id"] = context.TraceIdentifier;
        if (settings.IsHttps)
        {
            // A year (RFC 6797, 6.1); over plain http browsers pass it over.
            headers.StrictTransportSecurity = "max-age=31536000";
        }

        context.Response.OnStarting(KeepPagesOutOfCaches, context);
        return next(context);
    }

    // Chats must not stay behind in a cache. Fingerprinted files say themselves how long they last.
    private static Task KeepPagesOutOfCaches(object state)
    {
        var context = (HttpContext)state;
        if (context.GetEndpoint()?.Metadata.GetMetadata<StaticAssetDescriptor>() is null)
        {
            // Pages say nothing of it; a picture does.
            if (context.Response.ContentType?.StartsWith("image/", StringComparison.Ordinal) != true || context.Response.StatusCode != StatusCodes.Status200OK)
            {
                context.Response.Headers.CacheControl = "no-store";
            }
        }
        else
        {
            // The sandboxed document of a diagram has an opaque origin and could load no script of ours otherwise.
            context.Response.Headers["Cross-Origin-Resource-Policy"] = "cross-origin";
        }

        return Task.CompletedTask;
    }
}
