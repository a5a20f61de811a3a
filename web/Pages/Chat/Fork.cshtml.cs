using Calango.Core.Chat;
using Calango.Web.Htmx;
using Calango.Web.Text;
using Microsoft.AspNetCore.Mvc;

namespace Calango.Web.Pages.Chat;

/// <summary>A new chat that begins as this one did.</summary>
public sealed class Fork(Viewer viewer, ChatViews views, Forks forks) : ChatPage(viewer, views)
{
    /// <summary>Makes it, with all messages up to this one, and goes there.</summary>
    public async Task<IActionResult> OnPostAsync(Guid messageId, CancellationToken cancellationToken)
    {
        var fork = await forks.ForkAsync(AccountId, ConversationId, messageId, cancellationToken);
        var url = $"/chat/{fork.Id}";
        if (!Request.IsHtmx())
        {
            return Redirect(url);
        }

        Response.Go(url);
        return new EmptyResult();
    }
}
