using Calango.Core.Chat;
using Calango.Core.Errors;
using Calango.Core.Models;
using Calango.Web.Htmx;
using Calango.Web.Text;
using Microsoft.AspNetCore.Mvc;

namespace Calango.Web.Pages.Chat;

/// <summary>A chat, or the start of a new one.</summary>
public sealed class Index(Viewer viewer, ChatViews views, Conversations conversations) : ChatPage(viewer, views)
{
    /// <summary>What is shown.</summary>
    public ChatView View { get; private set; } = null!;

    /// <summary>The model picked for a new chat.</summary>
    [BindProperty(SupportsGet = true)]
    public string? Model { get; set; }

    /// <summary>A message to show, wherever in the chat it is.</summary>
    [BindProperty(SupportsGet = true)]
    public Guid? Message { get; set; }

    /// <summary>Shows it.</summary>
    public async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken)
    {
        View = await ViewAsync(cancellationToken) ?? throw new NotFoundException();
        return Request.IsFor("main") ? Partial("_Chat", View) : Page();
    }

    /// <summary>Deletes it. The answer offers to take that back.</summary>
    public async Task<IActionResult> OnDeleteAsync(CancellationToken cancellationToken)
    {
        await conversations.DeleteAsync(AccountId, ConversationId, cancellationToken);
        if (!Request.IsHtmx())
        {
            return Redirect($"{ChatUrl}/deleted");
        }

        Response.Trigger("conversations-changed");
        Response.PushUrl("/");
        return Partial("_Deletion", new DeletionView(ConversationId, await Views.NewAsync(AccountId, model: null, cancellationToken)));
    }

    private async Task<ChatView?> ViewAsync(CancellationToken cancellationToken) => (ConversationId, Message) switch
    {
        (var id, _) when id == Guid.Empty => await Views.NewAsync(AccountId, ModelRef.TryParse(Model, out var model) ? model : null, cancellationToken),
        (var id, { } message) => await Views.FindAroundAsync(AccountId, id, message, cancellationToken),
        (var id, null) => await Views.FindAsync(AccountId, id, cancellationToken),
    };
}
