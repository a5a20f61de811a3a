using Calango.Core.Chat;
using Calango.Core.Errors;
using Calango.Web.Text;
using Microsoft.AspNetCore.Mvc;

namespace Calango.Web.Pages.Chat;

/// <summary>A message as it was written, for copying.</summary>
public sealed class Source(Viewer viewer, ChatViews views, MessageTree tree) : ChatPage(viewer, views)
{
    /// <summary>The Markdown, as plain text.</summary>
    public async Task<IActionResult> OnGetAsync(Guid messageId, CancellationToken cancellationToken)
    {
        var view = await tree.FindAsync(AccountId, ConversationId, messageId, cancellationToken) ?? throw new NotFoundException();
        return Content(AnswerPart.Source(view), "text/plain; charset=utf-8");
    }
}
