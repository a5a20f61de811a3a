using Calango.Core.Chat;
using Calango.Web.Text;

namespace Calango.Web.Api.Chats;

/// <summary>What the owner thinks of answers: <c>/api/turns/{id}/rating</c>.</summary>
internal static class RatingsEndpoint
{
    public static async Task<ApiTurn> RateAsync(Guid id, HttpRequest request, Ratings ratings, Viewer viewer, CancellationToken cancellationToken)
    {
        var body = await JsonInput.ReadAsync(request, cancellationToken);
        var reasons = Rating.ReasonsOf((body["reasons"]?.Items() ?? []).Select(reason => reason.Text()));
        return ApiTurn.Of(await ratings.RateAsync(viewer.AccountId, id, new Rating(body.Needed("good").Flag(), reasons, body["comment"]?.Text() ?? ""), cancellationToken));
    }

    public static async Task<ApiTurn> WithdrawAsync(Guid id, Ratings ratings, Viewer viewer, CancellationToken cancellationToken) =>
        ApiTurn.Of(await ratings.WithdrawAsync(viewer.AccountId, id, cancellationToken));
}
