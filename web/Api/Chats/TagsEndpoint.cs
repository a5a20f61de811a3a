using Calango.Core.Chat;
using Calango.Core.Errors;
using Calango.Web.Text;

namespace Calango.Web.Api.Chats;

/// <summary>The owner's tags: <c>/api/tags</c>.</summary>
internal static class TagsEndpoint
{
    public static async Task<ApiPage<ApiTag>> ListAsync(Tags tags, Viewer viewer, CancellationToken cancellationToken) =>
        new([.. (await tags.ListAsync(viewer.AccountId, cancellationToken)).Select(ApiTag.Of)], Next: null);

    public static async Task<IResult> AddAsync(HttpRequest request, Tags tags, Viewer viewer, CancellationToken cancellationToken)
    {
        var body = await JsonInput.ReadAsync(request, cancellationToken);
        var made = await tags.AddAsync(viewer.AccountId, body.Needed("name").Text(Tag.MaxNameLength), ColorOf(body) ?? TagColor.Plain, cancellationToken);
        return Results.Created($"/api/tags/{made.Id}", await FindAsync(made.Id, tags, viewer, cancellationToken));
    }

    public static async Task<ApiTag> ChangeAsync(Guid id, HttpRequest request, Tags tags, Viewer viewer, CancellationToken cancellationToken)
    {
        var body = await JsonInput.ReadAsync(request, cancellationToken);
        var (name, color) = (body["name"]?.Text(Tag.MaxNameLength), ColorOf(body));
        if (name is null && color is null)
        {
            throw new RejectedException("api.missing", ("param", "name"));
        }

        var tag = await tags.FindAsync(viewer.AccountId, id, cancellationToken);
        await tags.ChangeAsync(viewer.AccountId, id, name ?? tag.Name, color ?? tag.Color, cancellationToken);
        return await FindAsync(id, tags, viewer, cancellationToken);
    }

    public static async Task<IResult> DeleteAsync(Guid id, Tags tags, Viewer viewer, CancellationToken cancellationToken)
    {
        await tags.RemoveAsync(viewer.AccountId, id, cancellationToken);
        return Results.NoContent();
    }

    private static async Task<ApiTag> FindAsync(Guid id, Tags tags, Viewer viewer, CancellationToken cancellationToken) =>
        ApiTag.Of((await tags.ListAsync(viewer.AccountId, cancellationToken)).FirstOrDefault(use => use.Tag.Id == id) ?? throw new NotFoundException());

    private static TagColor? ColorOf(JsonInput body) =>
        body["color"] is not { } given ? null
        : Enum.TryParse<TagColor>(given.Text(), ignoreCase: true, out var color) && Enum.IsDefined(color) ? color
        : throw given.NotSupported();
}
