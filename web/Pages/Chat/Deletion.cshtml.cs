using Calango.Core.Chat;
using Calango.Web.Htmx;
using Calango.Web.Text;
using Microsoft.AspNetCore.Mvc;

namespace Calango.Web.Pages.Chat;

/// <summary>That a chat was deleted.</summary>
public sealed class Deletion(Viewer viewer, ChatViews views, Conversations conversations) : ChatPage(viewer, views)
{
    /// <summary>Takes it back, and goes to the chat.</summary>
    public async Task<IActionResult> OnDeleteAsync(CancellationToken cancellationToken)
    {
        await conversations.RestoreAsync(AccountId, ConversationId, cancellationToken);
        if (!Request.IsHtmx())
        {
            return Redirect(ChatUrl);
        }

        Response.Go(ChatUrl);
        return new EmptyResult();
    }
}
