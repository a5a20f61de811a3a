using Calango.Core.Chat;
using Calango.Web.Htmx;
using Calango.Web.Pages.History;
using Calango.Web.Text;
using Microsoft.AspNetCore.Mvc;

namespace Calango.Web.Pages.Chat;

/// <summary>That a chat is put away.</summary>
public sealed class Archive(Viewer viewer, ChatViews views, ChatActs acts) : ChatPage(viewer, views)
{
    /// <summary>Puts it away.</summary>
    public Task<IActionResult> OnPostAsync(CancellationToken cancellationToken) => DoAsync(ChatAct.Archive, cancellationToken);

    /// <summary>Brings it back.</summary>
    public Task<IActionResult> OnDeleteAsync(CancellationToken cancellationToken) => DoAsync(ChatAct.Unarchive, cancellationToken);

    private async Task<IActionResult> DoAsync(ChatAct act, CancellationToken cancellationToken)
    {
        var done = await DoneAct.DoAsync(acts, AccountId, [ConversationId], act, target: null, cancellationToken);
        if (!Request.IsHtmx())
        {
            return Redirect(ChatUrl);
        }

        Response.ChatsMoved();
        return Partial("/Pages/History/_ActDone.cshtml", done);
    }
}
