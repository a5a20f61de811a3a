using Calango.Core.Chat;
using Calango.Web.Htmx;
using Calango.Web.Text;
using Microsoft.AspNetCore.Mvc;

namespace Calango.Web.Pages.Chat;

/// <summary>That a chat stands above the others.</summary>
public sealed class Pin(Viewer viewer, ChatViews views, ChatActs acts) : ChatPage(viewer, views)
{
    /// <summary>Pins it.</summary>
    public Task<IActionResult> OnPostAsync(CancellationToken cancellationToken) => DoAsync(ChatAct.Pin, cancellationToken);

    /// <summary>Puts it among the others again.</summary>
    public Task<IActionResult> OnDeleteAsync(CancellationToken cancellationToken) => DoAsync(ChatAct.Unpin, cancellationToken);

    // The list itself shows what was done, and the same menu takes it back.
    private async Task<IActionResult> DoAsync(ChatAct act, CancellationToken cancellationToken)
    {
        await acts.DoAsync(AccountId, [ConversationId], act, target: null, cancellationToken);
        if (!Request.IsHtmx())
        {
            return Redirect(ChatUrl);
        }

        Response.ChatsMoved();
        return new EmptyResult();
    }
}
