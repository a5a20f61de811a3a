using Calango.Core.Chat;
using Calango.Core.Errors;
using Calango.Web.Htmx;
using Calango.Web.Pages.History;
using Calango.Web.Text;
using Microsoft.AspNetCore.Mvc;

namespace Calango.Web.Pages.Chat;

/// <summary>The folder that a chat lies in.</summary>
public sealed class InFolder(Viewer viewer, ChatViews views, Conversations conversations, Core.Chat.Folders folders, ChatActs acts) : ChatPage(viewer, views)
{
    /// <summary>The chat.</summary>
    public Conversation Conversation { get; private set; } = null!;

    /// <summary>The folders that there are.</summary>
    public FolderTree Tree { get; private set; } = null!;

    /// <summary>Asks for another.</summary>
    public async Task OnGetAsync(CancellationToken cancellationToken)
    {
        Conversation = await conversations.FindAsync(AccountId, ConversationId, cancellationToken) ?? throw new NotFoundException();
        Tree = await folders.TreeAsync(AccountId, cancellationToken);
    }

    /// <summary>Moves it, into a new folder where one is named.</summary>
    public async Task<IActionResult> OnPutAsync(Guid? folder, string? name, CancellationToken cancellationToken)
    {
        if (!string.IsNullOrWhiteSpace(name))
        {
            _ = await conversations.FindAsync(AccountId, ConversationId, cancellationToken) ?? throw new NotFoundException();
            folder = (await folders.AddAsync(AccountId, name, folder, cancellationToken)).Id;
        }

        var done = await DoneAct.DoAsync(acts, AccountId, [ConversationId], ChatAct.Move, folder, cancellationToken);
        if (!Request.IsHtmx())
        {
            return Redirect(ChatUrl);
        }

        Response.ChatsMoved();
        return Partial("/Pages/History/_ActDone.cshtml", done);
    }
}
