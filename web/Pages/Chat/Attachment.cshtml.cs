using Calango.Core.Chat;
using Calango.Web.Htmx;
using Calango.Web.Text;
using Microsoft.AspNetCore.Mvc;

namespace Calango.Web.Pages.Chat;

/// <summary>A document that belongs to one chat.</summary>
public sealed class Attachment(Viewer viewer, ChatViews views, ChatDocuments documents) : ChatPage(viewer, views)
{
    /// <summary>Tries it again, where it could not be read.</summary>
    public async Task<IActionResult> OnPostAsync(Guid documentId, CancellationToken cancellationToken)
    {
        await documents.TryAgainAsync(AccountId, ConversationId, documentId, cancellationToken);
        return Changed();
    }

    /// <summary>Takes it away.</summary>
    public async Task<IActionResult> OnDeleteAsync(Guid documentId, CancellationToken cancellationToken)
    {
        await documents.RemoveAsync(AccountId, ConversationId, documentId, cancellationToken);
        return Changed();
    }

    private IActionResult Changed()
    {
        if (!Request.IsHtmx())
        {
            return Redirect(ChatUrl);
        }

        Response.Trigger("attachments-changed");
        return StatusCode(StatusCodes.Status204NoContent);
    }
}
