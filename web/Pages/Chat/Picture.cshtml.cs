using Calango.Core.Chat;
using Calango.Web.Htmx;
using Calango.Web.Text;
using Microsoft.AspNetCore.Mvc;

namespace Calango.Web.Pages.Chat;

/// <summary>A picture that waits for the next question of a chat.</summary>
public sealed class WaitingPicture(Viewer viewer, ChatViews views, ChatPictures pictures) : ChatPage(viewer, views)
{
    /// <summary>Takes it away.</summary>
    public async Task<IActionResult> OnDeleteAsync(Guid pictureId, CancellationToken cancellationToken)
    {
        await pictures.RemoveAsync(AccountId, ConversationId, pictureId, cancellationToken);
        if (!Request.IsHtmx())
        {
            return Redirect(ChatUrl);
        }

        Response.Trigger("attachments-changed");
        return StatusCode(StatusCodes.Status204NoContent);
    }
}
