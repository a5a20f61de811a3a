using Calango.Core.Chat;
using Calango.Web.Htmx;
using Calango.Web.Text;
using Microsoft.AspNetCore.Mvc;

namespace Calango.Web.Pages.Chat;

/// <summary>Which of several messages in one place is shown.</summary>
public sealed class Shown(Viewer viewer, ChatViews views, MessageTree tree) : ChatPage(viewer, views)
{
    /// <summary>This one.</summary>
    /// <param name="messageId">Which.</param>
    /// <param name="leave">It was chosen on another page than the chat's.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<IActionResult> OnPostAsync(Guid messageId, [FromQuery] bool leave, CancellationToken cancellationToken)
    {
        await tree.ShowAsync(AccountId, ConversationId, messageId, cancellationToken);
        if (leave && Request.IsHtmx())
        {
            Response.Go(ChatUrl);
            return new EmptyResult();
        }

        return await ShowChatAsync(messageId, cancellationToken);
    }
}
