using Calango.Core.Errors;
using Calango.Web.Htmx;
using Calango.Web.Text;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Chat;

/// <summary>What the pages below <c>/chat/{id}</c> have in common.</summary>
public abstract class ChatPage(Viewer viewer, ChatViews views) : PageModel
{
    /// <summary>The chat.</summary>
    [BindProperty(SupportsGet = true, Name = "id")]
    public Guid ConversationId { get; set; }

    /// <summary>The chat's address.</summary>
    protected string ChatUrl => $"/chat/{ConversationId}";

    /// <summary>Whose chats these are.</summary>
    protected Guid AccountId => viewer.AccountId;

    /// <summary>Collects what is shown.</summary>
    protected ChatViews Views => views;

    /// <summary>The name of this request, by which a turn is found in the logs.</summary>
    protected string RequestId => HttpContext.TraceIdentifier;

    /// <summary>The chat as it is now: the messages and all that depends on them, or, without htmx, the page.</summary>
    protected async Task<IActionResult> ShowChatAsync(Guid? messageId, CancellationToken cancellationToken)
    {
        if (!Request.IsHtmx())
        {
            return Redirect(messageId is null ? ChatUrl : $"{ChatUrl}#message-{messageId}");
        }

        var chat = await views.FindAsync(AccountId, ConversationId, cancellationToken) ?? throw new NotFoundException();
        return Partial("/Pages/Chat/_ThreadUpdate.cshtml", chat);
    }
}
