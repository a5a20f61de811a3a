using Calango.Core.Chat;
using Calango.Core.Errors;
using Calango.Core.Models;
using Calango.Web.Htmx;
using Calango.Web.Pages.History;
using Calango.Web.Text;
using Microsoft.AspNetCore.Mvc;

namespace Calango.Web.Pages.Chat;

/// <summary>A chat, or the start of a new one.</summary>
public sealed class Index(Viewer viewer, ChatViews views, ChatActs acts, Core.Chat.Folders folders) : ChatPage(viewer, views)
{
    /// <summary>What is shown.</summary>
    public ChatView View { get; private set; } = null!;

    /// <summary>The model picked for a new chat.</summary>
    [BindProperty(SupportsGet = true)]
    public string? Model { get; set; }

    /// <summary>The folder that a new chat will lie in.</summary>
    [BindProperty(SupportsGet = true)]
    public Guid? Folder { get; set; }

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
        var done = await DoneAct.DoAsync(acts, AccountId, [ConversationId], ChatAct.Trash, target: null, cancellationToken);
        if (!Request.IsHtmx())
        {
            return Redirect($"{ChatUrl}/deleted");
        }

        Response.Trigger("conversations-changed");
        if (Request.CurrentChat() != ConversationId)
        {
            return Partial("/Pages/History/_ActDone.cshtml", done);
        }

        Response.PushUrl("/");
        return Partial("_Deletion", new DeletionView(ConversationId, await Views.NewAsync(AccountId, model: null, cancellationToken)));
    }

    private async Task<ChatView?> ViewAsync(CancellationToken cancellationToken) => (ConversationId, Message) switch
    {
        (var id, _) when id == Guid.Empty => await NewAsync(cancellationToken),
        (var id, { } message) => await Views.FindAroundAsync(AccountId, id, message, cancellationToken),
        (var id, null) => await Views.FindAsync(AccountId, id, cancellationToken),
    };

    private async Task<ChatView> NewAsync(CancellationToken cancellationToken)
    {
        var chat = await Views.NewAsync(AccountId, ModelRef.TryParse(Model, out var model) ? model : null, cancellationToken);
        return Folder is not { } id ? chat : chat with
        {
            Folder = await folders.FindAsync(AccountId, id, cancellationToken),
            Composer = chat.Composer with { Settings = new SettingsForm { Folder = id } },
        };
    }
}
