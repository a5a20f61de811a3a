using System.Globalization;
using Calango.Core.Errors;
using Calango.Core.Knowledge;
using Calango.Web.Text;
using Microsoft.Net.Http.Headers;

namespace Calango.Web.Hosting;

/// <summary>
/// Hands out the files of documents, as they were handed in, to those who may read them. They may hold anything: a browser stores them
/// and shows none as a page of ours.
/// </summary>
internal static class DocumentFiles
{
    public static void MapDocumentFiles(this IEndpointRouteBuilder endpoints) => endpoints.MapGet("/files/documents/{collectionId:guid}/{id:guid}", ServeAsync);

    private static async Task ServeAsync(HttpContext context, Documents documents, Viewer viewer)
    {
        var (collectionId, id) = (Id("collectionId"), Id("id"));
        var document = await documents.FindAsync(viewer.AccountId, collectionId, id, context.RequestAborted);
        await using var file = await documents.OpenAsync(viewer.AccountId, collectionId, id, context.RequestAborted) ?? throw new NotFoundException();
        var named = new ContentDispositionHeaderValue("attachment");
        named.SetHttpFileName(document.Name);
        var headers = context.Response.Headers;
        headers.ContentType = "application/octet-stream";
        headers.ContentLength = file.Info.Length;
        headers.ContentSecurityPolicy = "sandbox; default-src 'none'";
        headers.ContentDisposition = named.ToString();
        await file.Stream.CopyToAsync(context.Response.Body, context.RequestAborted);

        Guid Id(string name) => Guid.Parse((string)context.Request.RouteValues[name]!, CultureInfo.InvariantCulture);
    }
}
