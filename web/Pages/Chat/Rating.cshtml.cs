using Calango.Core.Chat;
using Calango.Core.Errors;
using Calango.Web.Htmx;
using Calango.Web.Text;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Chat;

/// <summary>What the viewer thinks of an answer.</summary>
public sealed class Rating(Viewer viewer, Turns turns, Ratings ratings) : PageModel
{
    /// <summary>The answer's turn.</summary>
    public Turn Turn { get; private set; } = null!;

    /// <summary>Whether it is good, as far as they have said.</summary>
    public bool IsGood => Turn.IsGood ?? false;

    /// <summary>Shows the form in which they say why.</summary>
    public async Task OnGetAsync(Guid id, CancellationToken cancellationToken) =>
        Turn = await turns.FindAsync(viewer.AccountId, id, cancellationToken) ?? throw new NotFoundException();

    /// <summary>Says it.</summary>
    public async Task<IActionResult> OnPutAsync(Guid id, bool? good, string[]? reasons, string? comment, CancellationToken cancellationToken)
    {
        if (good is not { } isGood)
        {
            throw new RejectedException("rating.reason");
        }

        var rating = new Core.Chat.Rating(isGood, Core.Chat.Rating.ReasonsOf(reasons ?? []), comment ?? "");
        return Show(await ratings.RateAsync(viewer.AccountId, id, rating, cancellationToken));
    }

    /// <summary>Takes it back.</summary>
    public async Task<IActionResult> OnDeleteAsync(Guid id, CancellationToken cancellationToken) => Show(await ratings.WithdrawAsync(viewer.AccountId, id, cancellationToken));

    private IActionResult Show(Turn turn) => Request.IsHtmx() ? Partial("_Rating", turn) : LocalRedirect($"/chat/{turn.ConversationId}#message-{turn.Id}");
}
