using Calango.Core.Chat;
using Calango.Core.Errors;
using Calango.Web.Text;

namespace Calango.Web.Api.Chats;

/// <summary>The owner's folders: <c>/api/folders</c>.</summary>
internal static class FoldersEndpoint
{
    public static async Task<ApiPage<ApiFolder>> ListAsync(Folders folders, Viewer viewer, CancellationToken cancellationToken) =>
        new([.. (await folders.TreeAsync(viewer.AccountId, cancellationToken)).All.Select(place => ApiFolder.Of(place.Folder))], Next: null);

    public static async Task<IResult> AddAsync(HttpRequest request, Folders folders, Viewer viewer, CancellationToken cancellationToken)
    {
        var body = await JsonInput.ReadAsync(request, cancellationToken);
        var made = await folders.AddAsync(viewer.AccountId, body.Needed("name").Text(Folder.MaxNameLength), body["parentId"]?.Id(), cancellationToken);
        return Results.Created($"/api/folders/{made.Id}", ApiFolder.Of(made));
    }

    public static async Task<ApiFolder> ChangeAsync(Guid id, HttpRequest request, Folders folders, Viewer viewer, CancellationToken cancellationToken)
    {
        var body = await JsonInput.ReadAsync(request, cancellationToken);
        var (name, before) = (body["name"]?.Text(Folder.MaxNameLength), body["beforeId"]?.Id());
        var moves = body.Value.TryGetProperty("parentId", out _);
        if (name is null && !moves && before is null)
        {
            throw new RejectedException("api.missing", ("param", "name"));
        }

        var folder = await folders.FindAsync(viewer.AccountId, id, cancellationToken);
        if (name is not null)
        {
            await folders.RenameAsync(viewer.AccountId, id, name, cancellationToken);
        }

        if (moves || before is not null)
        {
            await folders.MoveAsync(viewer.AccountId, id, moves ? body["parentId"]?.Id() : folder.ParentId, before, cancellationToken);
        }

        return ApiFolder.Of(await folders.FindAsync(viewer.AccountId, id, cancellationToken));
    }

    public static async Task<IResult> DeleteAsync(Guid id, Folders folders, Viewer viewer, CancellationToken cancellationToken)
    {
        await folders.RemoveAsync(viewer.AccountId, id, cancellationToken);
        return Results.NoContent();
    }
}
