using System.Security.Claims;
using Calango.Core.Chat;
using Calango.Core.Errors;
using Calango.Core.Memory;
using Calango.Web.Identity;
using Calango.Web.Text;

namespace Calango.Web.Api.Chats;

/// <summary>The owner's chats: <c>/api/me</c>, <c>/api/chats</c>, <c>/api/search</c>. What is somebody else's is not there.</summary>
internal static class ChatsEndpoint
{
    /// <summary>The most that one answer lists.</summary>
    public const int MostItems = 100;

    private const int Items = 50;

    public static ApiMe Me(Viewer viewer, ClaimsPrincipal user) => new(viewer.AccountId, user.Identity!.Name ?? "", [.. user.FindAll(Access.Scope).Select(scope => scope.Value)]);

    public static async Task<ApiPage<ApiChatItem>> ListAsync(string? after, int? limit, bool? archived, Guid? folder, Guid? tag, ConversationLists lists, Viewer viewer, CancellationToken cancellationToken)
    {
        var filter = new ConversationFilter(archived == true ? ChatShelf.Archived : ChatShelf.Listed, folder, tag);
        var page = await lists.ListAsync(viewer.AccountId, filter, CursorOf(after), Count(limit, Items), cancellationToken);
        return new([.. page.Items.Select(ApiChatItem.Of)], page.Next?.ToString());
    }

    public static async Task<ApiChat> FindAsync(Guid id, Conversations chats, Tags tags, Viewer viewer, CancellationToken cancellationToken) =>
        ApiChat.Of(
            await chats.FindAsync(viewer.AccountId, id, cancellationToken) ?? throw new NotFoundException(),
            (await tags.OfAsync(viewer.AccountId, [id], cancellationToken))[id]);

    public static async Task<ApiPage<ApiMessage>> MessagesAsync(Guid id, Guid? after, int? limit, MessageTree messages, Viewer viewer, CancellationToken cancellationToken)
    {
        var page = await messages.PageAsync(viewer.AccountId, id, after, Count(limit, Items), cancellationToken) ?? throw new NotFoundException();
        return new([.. page.Messages.Select(ApiMessage.Of)], page.HasOlder ? page.Messages[0].Message.Id.ToString() : null);
    }

    public static async Task<ApiChat> ChangeAsync(Guid id, HttpRequest request, Conversations chats, ChatActs acts, Tags tags, Viewer viewer, CancellationToken cancellationToken)
    {
        var body = await JsonInput.ReadAsync(request, cancellationToken);
        var (title, pinned, archived) = (body["title"]?.Text(Conversation.MaxTitleLength), body["isPinned"]?.Flag(), body["isArchived"]?.Flag());
        var (moves, given) = (body.Value.TryGetProperty("folderId", out _), body["tags"]?.Items());
        if (title is null && pinned is null && archived is null && !moves && given is null)
        {
            throw new RejectedException("api.missing", ("param", "title"));
        }

        if (title is not null)
        {
            await chats.RenameAsync(viewer.AccountId, id, title, cancellationToken);
        }

        foreach (var act in new[] { ActOf(pinned, ChatAct.Pin, ChatAct.Unpin), ActOf(archived, ChatAct.Archive, ChatAct.Unarchive) }.OfType<ChatAct>())
        {
            await acts.DoAsync(viewer.AccountId, [id], act, target: null, cancellationToken);
        }

        if (moves)
        {
            await acts.DoAsync(viewer.AccountId, [id], ChatAct.Move, body["folderId"]?.Id(), cancellationToken);
        }

        if (given is not null)
        {
            await tags.ReplaceAsync(viewer.AccountId, id, given.Select(tag => tag.Id()), cancellationToken);
        }

        return await FindAsync(id, chats, tags, viewer, cancellationToken);
    }

    public static async Task<IResult> DeleteAsync(Guid id, Conversations chats, Viewer viewer, CancellationToken cancellationToken)
    {
        await chats.DeleteAsync(viewer.AccountId, id, cancellationToken);
        return Results.NoContent();
    }

    public static async Task<ApiPage<ApiHit>> SearchAsync(string? q, string? after, int? limit, [AsParameters] ApiSearchFilter where, MemorySearch search, Viewer viewer, CancellationToken cancellationToken)
    {
        var page = string.IsNullOrWhiteSpace(q) ? throw new RejectedException("api.missing", ("param", "q")) : await search.FindAsync(viewer.AccountId, q.Trim(), where.Read(), after, Count(limit, Items), cancellationToken);
        return new([.. page.Hits.Select(hit => new ApiHit(hit.ConversationId, hit.MessageId, hit.Title, Plain(hit.Snippet), hit.At, hit.ByMeaning, hit.IsArchived))], page.Next);
    }

    /// <summary>How many a part of a list has.</summary>
    /// <exception cref="RejectedException"><c>api.range</c>: too many are wanted.</exception>
    public static int Count(int? limit, int usual) => limit switch
    {
        null => usual,
        >= 1 and <= MostItems => limit.Value,
        _ => throw new RejectedException("api.range", ("param", "limit"), ("least", "1"), ("most", $"{MostItems}")),
    };

    private static ConversationCursor? CursorOf(string? after) =>
        after is null ? null : ConversationCursor.Parse(after) ?? throw new RejectedException("api.notSupported", ("param", "after"));

    private static ChatAct? ActOf(bool? wanted, ChatAct yes, ChatAct no) => wanted switch
    {
        true => yes,
        false => no,
        null => null,
    };

    // For a page, what fits stands between two marks.
    private static string Plain(string snippet) => snippet.Replace("\u0001", "", StringComparison.Ordinal).Replace("\u0002", "", StringComparison.Ordinal);
}
