using Calango.Core.Chat;
using Calango.Core.Errors;
using Calango.Core.Models;
using Calango.Web.Htmx;
using Calango.Web.Text;
using Microsoft.AspNetCore.Mvc;

namespace Calango.Web.Pages.Chat;

/// <summary>The messages of a chat: older ones are read here, new ones are sent here.</summary>
public sealed class Messages(Viewer viewer, ChatViews views, Turns turns) : ChatPage(viewer, views)
{
    /// <summary>What is shown.</summary>
    public ThreadView Thread { get; private set; } = ThreadView.Empty;

    /// <summary>Shows those before one.</summary>
    public async Task<IActionResult> OnGetAsync(Guid? before, CancellationToken cancellationToken)
    {
        Thread = await Views.ThreadAsync(AccountId, ConversationId, before, cancellationToken) ?? throw new NotFoundException();
        return Request.IsHtmx() ? Partial("_Messages", Thread) : Page();
    }

    /// <summary>Sends one, in this chat or in a new one.</summary>
    public async Task<IActionResult> OnPostAsync(string? text, Guid clientMessageId, string? model, CancellationToken cancellationToken)
    {
        var isNew = ConversationId == Guid.Empty;
        var turn = await turns.StartAsync(AccountId, new NewMessage(
            isNew ? null : ConversationId,
            text ?? "",
            clientMessageId == Guid.Empty ? Guid.CreateVersion7() : clientMessageId,
            ModelRef.TryParse(model, out var chosen) ? chosen : null,
            RequestId), cancellationToken);
        ConversationId = turn.ConversationId;
        return isNew ? await ShowNewChatAsync(cancellationToken) : await ShowTurnAsync(cancellationToken);
    }

    private async Task<IActionResult> ShowNewChatAsync(CancellationToken cancellationToken)
    {
        if (!Request.IsHtmx())
        {
            return Redirect(ChatUrl);
        }

        Response.PushUrl(ChatUrl);
        Response.Retarget("#main", "innerHTML");
        Response.Trigger("conversations-changed");
        return Partial("_Chat", await Views.FindAsync(AccountId, ConversationId, cancellationToken) ?? throw new NotFoundException());
    }

    private async Task<IActionResult> ShowTurnAsync(CancellationToken cancellationToken)
    {
        if (!Request.IsHtmx())
        {
            return Redirect(ChatUrl);
        }

        Response.Trigger("conversations-changed");
        return Partial("_Turn", await Views.NewestAsync(AccountId, ConversationId, cancellationToken) ?? throw new NotFoundException());
    }
}
