using Calango.Core.Chat;
using Calango.Core.Errors;
using Calango.Web.Htmx;
using Calango.Web.Text;
using Microsoft.AspNetCore.Mvc;

namespace Calango.Web.Pages.Chat;

/// <summary>What the head of a chat says of where it stands.</summary>
public sealed class Marks(Viewer viewer, ChatViews views, Conversations conversations) : ChatPage(viewer, views)
{
    /// <summary>Shows it.</summary>
    public async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken) => !Request.IsHtmx()
        ? Redirect(ChatUrl)
        : Partial("_Marks", await conversations.FindAsync(AccountId, ConversationId, cancellationToken) ?? throw new NotFoundException());
}
