using Calango.Core.Chat;
using Calango.Web.Htmx;
using Calango.Web.Text;
using Microsoft.AspNetCore.Mvc;

namespace Calango.Web.Pages.Chat;

/// <summary>That a chat was deleted.</summary>
public sealed class Deletion(Viewer viewer, ChatViews views, Conversations conversations) : ChatPage(viewer, views)
{
    /// <summary>Takes it back, and goes to the chat; or stays where the deleted ones are listed.</summary>
    public async Task<IActionResult> OnDeleteAsync(bool stay, CancellationToken cancellationToken)
    {
        await conversations.RestoreAsync(AccountId, ConversationId, cancellationToken);
        if (stay)
        {
            return Request.IsHtmx() ? Stay() : Redirect("/conversations/trash");
        }

        if (!Request.IsHtmx())
        {
            return Redirect(ChatUrl);
        }

        Response.Go(ChatUrl);
        return new EmptyResult();
    }

    private EmptyResult Stay()
    {
        Response.Trigger("conversations-changed");
        return new EmptyResult();
    }
}
