using Calango.Core.Chat;
using Calango.Core.Errors;
using Calango.Web.Text;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Chat;

/// <summary>Two answers to the very same request, side by side.</summary>
public sealed class Comparison(Viewer viewer, Turns turns, MessageTree tree) : PageModel
{
    /// <summary>The chat.</summary>
    public Guid ConversationId { get; private set; }

    /// <summary>The first answer and the one that was asked for again.</summary>
    public IReadOnlyList<MessageItem> Answers { get; private set; } = [];

    /// <summary>One of them is still being written.</summary>
    public bool IsRunning => Answers.Any(answer => answer.View.Turn is { IsRunning: true });

    /// <summary>Shows them.</summary>
    public async Task OnGetAsync(Guid id, CancellationToken cancellationToken)
    {
        var rerun = await turns.FindAsync(viewer.AccountId, id, cancellationToken);
        if (rerun is not { RerunOf: { } first })
        {
            throw new NotFoundException();
        }

        ConversationId = rerun.ConversationId;
        Answers = [await ItemAsync(first, cancellationToken), await ItemAsync(id, cancellationToken)];
    }

    private async Task<MessageItem> ItemAsync(Guid id, CancellationToken cancellationToken) =>
        new(ConversationId, await tree.FindAsync(viewer.AccountId, ConversationId, id, cancellationToken) ?? throw new NotFoundException());
}
