using Calango.Core.Errors;
using Calango.Core.Knowledge;
using Calango.Web.Api.Chats;
using Calango.Web.Text;

namespace Calango.Web.Api.Knowledge;

/// <summary>What is in a collection: <c>/api/collections/{id}/documents</c>. Documents are taken in in the background; how far one is, its state says.</summary>
internal static class DocumentsEndpoint
{
    private const int Items = 50;

    public static async Task<ApiPage<ApiDocument>> ListAsync(Guid id, string? q, string? after, int? limit, Documents documents, Viewer viewer, CancellationToken cancellationToken)
    {
        var count = ChatsEndpoint.Count(limit, Items);
        var found = await documents.ListAsync(viewer.AccountId, id, q, after, count + 1, cancellationToken);
        return new([.. found.Take(count).Select(ApiDocument.Of)], found.Count > count ? found[count - 1].Name : null);
    }

    public static async Task<IResult> AddAsync(Guid id, string? name, HttpRequest request, Documents documents, Viewer viewer, CancellationToken cancellationToken)
    {
        var named = string.IsNullOrWhiteSpace(name) ? throw new RejectedException("api.missing", ("param", "name")) : name;
        var added = await documents.AddAsync(viewer.AccountId, id, named, request.Body, cancellationToken);
        return Results.Accepted($"/api/collections/{id}/documents/{added.Id}", ApiDocument.Of(added));
    }

    public static async Task<ApiDocument> FindAsync(Guid id, Guid document, Documents documents, Viewer viewer, CancellationToken cancellationToken) =>
        ApiDocument.Of(await documents.FindAsync(viewer.AccountId, id, document, cancellationToken));

    public static async Task<ApiPage<ApiPassage>> PassagesAsync(Guid id, Guid document, int? after, int? limit, Documents documents, Viewer viewer, CancellationToken cancellationToken)
    {
        var count = ChatsEndpoint.Count(limit, Items);
        var found = await documents.PassagesAsync(viewer.AccountId, id, document, after + 1 ?? 0, count + 1, cancellationToken);
        return new([.. found.Take(count).Select(ApiPassage.Of)], found.Count > count ? $"{found[count - 1].Ordinal}" : null);
    }

    public static async Task<ApiDocument> PauseAsync(Guid id, Guid document, Documents documents, Viewer viewer, CancellationToken cancellationToken)
    {
        await documents.PauseAsync(viewer.AccountId, id, document, cancellationToken);
        return await FindAsync(id, document, documents, viewer, cancellationToken);
    }

    public static async Task<ApiDocument> ResumeAsync(Guid id, Guid document, Documents documents, Viewer viewer, CancellationToken cancellationToken)
    {
        await documents.ResumeAsync(viewer.AccountId, id, document, cancellationToken);
        return await FindAsync(id, document, documents, viewer, cancellationToken);
    }

    public static async Task<IResult> DeleteAsync(Guid id, Guid document, Documents documents, Viewer viewer, CancellationToken cancellationToken)
    {
        await documents.RemoveAsync(viewer.AccountId, id, document, cancellationToken);
        return Results.NoContent();
    }
}
