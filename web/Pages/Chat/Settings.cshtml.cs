using Calango.Core.Chat;
using Calango.Core.Errors;
using Calango.Web.Htmx;
using Calango.Web.Text;
using Microsoft.AspNetCore.Mvc;

namespace Calango.Web.Pages.Chat;

/// <summary>How the next turns of a chat run.</summary>
public sealed class Settings(Viewer viewer, ChatViews views, Conversations conversations) : ChatPage(viewer, views)
{
    /// <summary>The chat.</summary>
    public Conversation Conversation { get; private set; } = null!;

    /// <summary>Shows them.</summary>
    public async Task OnGetAsync(CancellationToken cancellationToken) =>
        Conversation = await conversations.FindAsync(AccountId, ConversationId, cancellationToken) ?? throw new NotFoundException();

    /// <summary>Changes them, or leaves them to the service again.</summary>
    public async Task<IActionResult> OnPutAsync(SettingsForm settings, CancellationToken cancellationToken)
    {
        await conversations.UpdateSettingsAsync(AccountId, ConversationId, settings.Read(), cancellationToken);
        return Request.IsHtmx()
            ? Partial("_Surroundings", await Views.FindAsync(AccountId, ConversationId, cancellationToken) ?? throw new NotFoundException())
            : Redirect(ChatUrl);
    }
}
