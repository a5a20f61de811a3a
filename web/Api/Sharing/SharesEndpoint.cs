using Calango.Core.Audit;
using Calango.Core.Sharing;
using Calango.Web.Api.Chats;
using Calango.Web.Identity;
using Calango.Web.Text;

namespace Calango.Web.Api.Sharing;

/// <summary>The links with which the token's owner shows chats to others: <c>/api/shares</c>.</summary>
internal static class SharesEndpoint
{
    public static void MapReading(RouteGroupBuilder group) =>
        group.MapGet("/shares", ListAsync).Says("The links to chats, the newest first; with chat those to one.", ApiExamples.Shares);

    public static void MapWriting(RouteGroupBuilder group)
    {
        group.MapPost("/shares", MakeAsync)
            .Says("Makes a link with which anybody reads a chat.", ApiExamples.NewShare).Accepts<ApiNewShare>("application/json").Produces<ApiShare>(StatusCodes.Status201Created);
        group.MapDelete("/shares/{id:guid}", RevokeAsync).Says("Revokes a link.", new ApiExample(null, null)).Produces(StatusCodes.Status204NoContent);
    }

    private static async Task<ApiPage<ApiShare>> ListAsync(Guid? chat, Shares shares, Viewer viewer, HttpContext context, CancellationToken cancellationToken) =>
        new([.. (await shares.ListAsync(viewer.AccountId, chat, cancellationToken)).Select(share => ApiShare.Of(share, context))], Next: null);

    private static async Task<IResult> MakeAsync(HttpRequest request, Shares shares, Viewer viewer, RequestAudit audit, CancellationToken cancellationToken)
    {
        var body = await JsonInput.ReadAsync(request, cancellationToken);
        var (chat, wanted) = (body.Needed("chatId").Id(), new NewShare(body["isLive"]?.Flag() ?? false, body["expiresAt"]?.Time(), body["password"]?.Text()));
        var id = await shares.MakeAsync(viewer.AccountId, chat, wanted, cancellationToken);
        await audit.WriteAsync(AuditActs.ShareMade, $"{id} {chat}");
        return Results.Created($"/api/shares/{id}", ApiShare.Of(await shares.FindAsync(viewer.AccountId, id, cancellationToken), request.HttpContext));
    }

    private static async Task<IResult> RevokeAsync(Guid id, Shares shares, Viewer viewer, RequestAudit audit, CancellationToken cancellationToken)
    {
        await shares.RevokeAsync(viewer.AccountId, id, cancellationToken);
        await audit.WriteAsync(AuditActs.ShareRevoked, id.ToString());
        return Results.NoContent();
    }
}

/// <summary>A link to a chat.</summary>
/// <param name="Id">The link; it opens nothing.</param>
/// <param name="ChatId">The chat.</param>
/// <param name="Url">With which anybody reads it; null: the server's keys are lost, and it cannot be shown again.</param>
/// <param name="IsLive">The chat is shown as it is; else as it was when the link was made.</param>
/// <param name="HasPassword">It takes a password, too.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="ExpiresAt">Until when; null: until it is revoked.</param>
/// <param name="Views">How often others have looked.</param>
/// <param name="ViewedAt">When they last did; null: never.</param>
internal sealed record ApiShare(Guid Id, Guid ChatId, string? Url, bool IsLive, bool HasPassword, DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt, int Views, DateTimeOffset? ViewedAt)
{
    public static ApiShare Of(ShareOverview share, HttpContext context) => new(
        share.Id, share.ChatId, share.Token is { } token ? context.LinkTo($"/s/{token}") : null, share.IsLive, share.HasPassword, share.CreatedAt, share.ExpiresAt, share.Views, share.ViewedAt);
}

/// <summary>A link to be made.</summary>
/// <param name="ChatId">To which chat.</param>
/// <param name="IsLive">The chat is shown as it is; left out: as it is now.</param>
/// <param name="ExpiresAt">Until when; left out: until it is revoked.</param>
/// <param name="Password">What it takes besides, 8 to 256 characters; left out: nothing.</param>
internal sealed record ApiNewShare(Guid ChatId, bool? IsLive, DateTimeOffset? ExpiresAt, string? Password);
