using Calango.Core.Chat;
using Calango.Core.Models;
using Calango.Web.Text;
using Microsoft.AspNetCore.Mvc;

namespace Calango.Web.Pages.Chat;

/// <summary>The answers to a question, beside the one that is named.</summary>
public sealed class Answers(Viewer viewer, ChatViews views, Turns turns) : ChatPage(viewer, views)
{
    /// <summary>Asks for another one, from the same model or from another.</summary>
    public async Task<IActionResult> OnPostAsync(Guid messageId, [FromQuery] string? model, CancellationToken cancellationToken)
    {
        var turn = await turns.RegenerateAsync(
            AccountId, ConversationId, messageId, ModelRef.TryParse(model, out var other) ? other : null, Guid.CreateVersion7(), RequestId, cancellationToken);
        return await ShowChatAsync(turn.Id, cancellationToken);
    }
}
