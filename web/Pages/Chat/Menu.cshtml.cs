using Calango.Core.Chat;
using Calango.Core.Errors;
using Calango.Web.Htmx;
using Calango.Web.Text;
using Microsoft.AspNetCore.Mvc;

namespace Calango.Web.Pages.Chat;

/// <summary>What can be done with a chat as a whole.</summary>
public sealed class Menu(Viewer viewer, ChatViews views, Conversations conversations) : ChatPage(viewer, views)
{
    /// <summary>The chat.</summary>
    public Conversation Conversation { get; private set; } = null!;

    /// <summary>Shows it.</summary>
    public async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken)
    {
        Conversation = await conversations.FindAsync(AccountId, ConversationId, cancellationToken) ?? throw new NotFoundException();
        return Request.IsHtmx() ? Partial("_Menu", Conversation) : Page();
    }
}
