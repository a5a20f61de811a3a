using Calango.Core.Chat;
using Calango.Core.Errors;
using Calango.Core.Models;
using Calango.Web.Htmx;
using Calango.Web.Text;
using Microsoft.AspNetCore.Mvc;

namespace Calango.Web.Pages.Chat;

/// <summary>The model of a chat's next turns.</summary>
public sealed class ChosenModel(Viewer viewer, ChatViews views, Conversations conversations) : ChatPage(viewer, views)
{
    /// <summary>Chooses it, also for new chats.</summary>
    public async Task<IActionResult> OnPutAsync([FromQuery] string? model, CancellationToken cancellationToken)
    {
        if (!ModelRef.TryParse(model, out var chosen))
        {
            throw new RejectedException("model.gone");
        }

        await conversations.UseModelAsync(AccountId, ConversationId, chosen, cancellationToken);
        // Whether it sees the pictures that wait.
        Response.Trigger("attachments-changed");
        return Request.IsHtmx()
            ? Partial("_ModelUpdate", await Views.NewestAsync(AccountId, ConversationId, cancellationToken) ?? throw new NotFoundException())
            : Redirect(ChatUrl);
    }
}
