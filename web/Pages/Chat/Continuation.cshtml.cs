using Calango.Core.Chat;
using Calango.Web.Text;
using Microsoft.AspNetCore.Mvc;

namespace Calango.Web.Pages.Chat;

/// <summary>What a cut answer would have said.</summary>
public sealed class Continuation(Viewer viewer, ChatViews views, Turns turns) : ChatPage(viewer, views)
{
    /// <summary>Asks for it: a sibling begins with the cut text and goes on.</summary>
    public async Task<IActionResult> OnPostAsync(Guid messageId, CancellationToken cancellationToken)
    {
        var turn = await turns.ContinueAsync(AccountId, ConversationId, messageId, Guid.CreateVersion7(), RequestId, cancellationToken);
        return await ShowChatAsync(turn.Id, cancellationToken);
    }
}
