using System.Globalization;
using Calango.Core.Errors;
using Calango.Core.Files;
using Microsoft.Net.Http.Headers;

namespace Calango.Web.Hosting;

/// <summary>Serves pictures of people. They are painted here, and yet a browser gets no more from this address than a picture.</summary>
internal static class AvatarFiles
{
    public static void MapAvatars(this IEndpointRouteBuilder endpoints) => endpoints.MapGet("/files/avatars/{id:guid}", ServeAsync);

    private static async Task ServeAsync(HttpContext context, Avatars avatars)
    {
        var id = Guid.Parse((string)context.Request.RouteValues["id"]!, CultureInfo.InvariantCulture);
        await using var picture = await avatars.OpenAsync(id, context.RequestAborted) ?? throw new NotFoundException();
        var headers = context.Response.Headers;
        headers.ContentType = Avatars.ContentType;
        headers.ContentLength = picture.Info.Length;
        headers.ContentSecurityPolicy = "sandbox; default-src 'none'";
        headers.ContentDisposition = "attachment; filename=picture.webp";
        // Another picture has another address. Only this person's browser keeps it, and not for long after it was removed.
        headers.CacheControl = new CacheControlHeaderValue { Private = true, MaxAge = TimeSpan.FromHours(1) }.ToString();
        await picture.Stream.CopyToAsync(context.Response.Body, context.RequestAborted);
    }
}
