using Calango.Core.Errors;
using Calango.Core.Knowledge;
using Calango.Web.Htmx;
using Calango.Web.Text;
using Microsoft.AspNetCore.Mvc;

namespace Calango.Web.Pages.Chat;

/// <summary>The documents that belong to one chat. The first one begins the chat.</summary>
[RequestSizeLimit(LargestBody)]
[RequestFormLimits(MultipartBodyLengthLimit = LargestBody)]
public sealed class Attachments(Viewer viewer, ChatViews views, ComposerFiles composer) : ChatPage(viewer, views)
{
    /// <summary>All files of one form together, and the form around them.</summary>
    public const long LargestBody = DocumentIntake.LargestFile + (1 << 20);

    /// <summary>The chat with them.</summary>
    public ChatView View { get; private set; } = null!;

    /// <summary>Shows how far they are.</summary>
    public async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken)
    {
        var chat = await Views.NewestAsync(AccountId, ConversationId, cancellationToken) ?? throw new NotFoundException();
        return Request.IsHtmx() ? Partial("_AttachmentList", chat.Composer) : Redirect(ChatUrl);
    }

    /// <summary>Adds some. What was written already stays.</summary>
    public async Task<IActionResult> OnPostAsync(List<IFormFile> files, string? model, string? text, SettingsForm settings, CancellationToken cancellationToken)
    {
        var isNew = ConversationId == Guid.Empty;
        var received = await composer.ReceiveAsync(ConversationId, files, settings, model, cancellationToken);
        ConversationId = received.ConversationId;
        View = await composer.ShowAsync(received, settings, model, text, cancellationToken);
        if (!Request.IsHtmx())
        {
            return received.Refusals.Count == 0 && string.IsNullOrWhiteSpace(text) ? Redirect(received.Url) : Page();
        }

        if (!isNew || ConversationId == Guid.Empty)
        {
            return Partial("_Attachments", View.Composer);
        }

        Response.Trigger("conversations-changed");
        Response.PushUrl(ChatUrl);
        Response.Retarget("#main", "innerHTML");
        return Partial("_Chat", View);
    }
}
