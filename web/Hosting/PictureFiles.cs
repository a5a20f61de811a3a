using System.Globalization;
using Calango.Core.Chat;
using Calango.Web.Text;
using Microsoft.Net.Http.Headers;

namespace Calango.Web.Hosting;

/// <summary>Shows the pictures of questions to whose chat they are in. They are painted here, and yet a browser gets no more from this address than a picture.</summary>
internal static class PictureFiles
{
    public static void MapPictures(this IEndpointRouteBuilder endpoints) => endpoints.MapGet("/files/{id:guid}", ServeAsync);

    private static async Task ServeAsync(HttpContext context, ChatPictures pictures, Viewer viewer)
    {
        var id = Guid.Parse((string)context.Request.RouteValues["id"]!, CultureInfo.InvariantCulture);
        var (picture, content) = await pictures.OpenAsync(viewer.AccountId, id, context.RequestAborted);
        await using (content)
        {
            var headers = context.Response.Headers;
            headers.ContentType = picture.ContentType;
            headers.ContentLength = picture.Length;
            headers.ContentSecurityPolicy = "sandbox; default-src 'none'";
            // Its bytes never change. Only this person's browser keeps them, and not for long after it was removed.
            headers.CacheControl = new CacheControlHeaderValue { Private = true, MaxAge = TimeSpan.FromHours(1) }.ToString();
            await content.Stream.CopyToAsync(context.Response.Body, context.RequestAborted);
        }
    }
}
