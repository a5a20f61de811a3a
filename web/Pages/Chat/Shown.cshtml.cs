using Calango.Core.Chat;
using Calango.Web.Text;
using Microsoft.AspNetCore.Mvc;

namespace Calango.Web.Pages.Chat;

/// <summary>Which of several messages in one place is shown.</summary>
public sealed class Shown(Viewer viewer, ChatViews views, MessageTree tree) : ChatPage(viewer, views)
{
    /// <summary>This one.</summary>
    public async Task<IActionResult> OnPostAsync(Guid messageId, CancellationToken cancellationToken)
    {
        await tree.ShowAsync(AccountId, ConversationId, messageId, cancellationToken);
        return await ShowChatAsync(messageId, cancellationToken);
    }
}
