using Calango.Core.Chat;
using Calango.Core.Errors;
using Calango.Web.Htmx;
using Calango.Web.Text;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.History;

/// <summary>A chat in the trash, and the question before it goes for good.</summary>
public sealed class TrashedChat(Viewer viewer, ChatTrash trash) : PageModel
{
    /// <summary>The chat.</summary>
    public ConversationItem Chat { get; private set; } = null!;

    /// <summary>Asks.</summary>
    public async Task OnGetAsync(Guid id, CancellationToken cancellationToken) =>
        Chat = await trash.FindAsync(viewer.AccountId, id, cancellationToken) ?? throw new NotFoundException();

    /// <summary>Deletes it for good.</summary>
    public async Task<IActionResult> OnDeleteAsync(Guid id, CancellationToken cancellationToken)
    {
        await trash.RemoveAsync(viewer.AccountId, id, cancellationToken);
        return this.Go("/conversations/trash");
    }
}
