using Calango.Core.Chat;
using Calango.Core.Errors;
using Calango.Web.Htmx;
using Calango.Web.Text;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Chat;

/// <summary>Two answers to the very same request, side by side.</summary>
public sealed class Comparison(Viewer viewer, PageText text, Turns turns, MessageTree tree) : PageModel
{
    /// <summary>The chat.</summary>
    public Guid ConversationId { get; private set; }

    /// <summary>The first answer and the one that was asked for again.</summary>
    public IReadOnlyList<ComparedAnswer> Answers { get; private set; } = [];

    /// <summary>One of them is still being written.</summary>
    public bool IsRunning => Answers.Any(answer => answer.Item.View.Turn is { IsRunning: true });

    /// <summary>Shows them, or one as it is now.</summary>
    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken cancellationToken)
    {
        var rerun = await turns.FindAsync(viewer.AccountId, id, cancellationToken);
        if (rerun is not { RerunOf: { } first })
        {
            throw new NotFoundException();
        }

        ConversationId = rerun.ConversationId;
        Answers = [await FindAsync(first, id, "comparison.first", cancellationToken), await FindAsync(id, id, "comparison.again", cancellationToken)];
        return Answers.FirstOrDefault(answer => Request.IsFor(answer.ElementId)) is { } wanted ? Partial("_ComparedAnswer", wanted) : Page();
    }

    private async Task<ComparedAnswer> FindAsync(Guid id, Guid rerunId, string heading, CancellationToken cancellationToken) =>
        await tree.FindAsync(viewer.AccountId, ConversationId, id, cancellationToken) is { } view
            ? new ComparedAnswer(new MessageItem(ConversationId, view), $"/turns/{rerunId}/comparison") { Heading = $"{text[heading]}:", IsFollowed = true }
            : throw new NotFoundException();
}
