using Calango.Core.Chat;
using Calango.Core.Errors;
using Calango.Web.Htmx;
using Calango.Web.Text;
using Microsoft.AspNetCore.Mvc;

namespace Calango.Web.Pages.Chat;

/// <summary>A chat's title.</summary>
public sealed class Title(Viewer viewer, ChatViews views, Conversations conversations, Titles titles) : ChatPage(viewer, views)
{
    /// <summary>The chat.</summary>
    public Conversation Conversation { get; private set; } = null!;

    /// <summary>Shows it, or the form in which it is changed. Waits for a model that is writing it.</summary>
    public async Task<IActionResult> OnGetAsync(bool edit, CancellationToken cancellationToken)
    {
        Conversation = await conversations.FindAsync(AccountId, ConversationId, cancellationToken) ?? throw new NotFoundException();
        if (!Request.IsHtmx() || Request.IsFor("dialog-body"))
        {
            return Page();
        }

        if (edit)
        {
            return Partial("_EditTitle", Conversation);
        }

        await titles.WaitAsync(ConversationId, cancellationToken);
        return await ShowAsync(cancellationToken);
    }

    /// <summary>Renames the chat. No model changes a title given by hand.</summary>
    public async Task<IActionResult> OnPutAsync(string? text, CancellationToken cancellationToken)
    {
        await conversations.RenameAsync(AccountId, ConversationId, text ?? "", cancellationToken);
        if (!Request.IsHtmx())
        {
            return Redirect(ChatUrl);
        }

        if (!Request.IsFor("rename"))
        {
            return await ShowAsync(cancellationToken);
        }

        Response.Trigger("conversations-changed");
        return Request.CurrentChat() == ConversationId
            ? Partial("_Retitled", await Views.NewestAsync(AccountId, ConversationId, cancellationToken) ?? throw new NotFoundException())
            : new EmptyResult();
    }

    private async Task<IActionResult> ShowAsync(CancellationToken cancellationToken)
    {
        Response.Trigger("conversations-changed");
        return Partial("_TitleUpdate", await Views.NewestAsync(AccountId, ConversationId, cancellationToken) ?? throw new NotFoundException());
    }
}
