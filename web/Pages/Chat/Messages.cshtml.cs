using Calango.Core.Chat;
using Calango.Core.Errors;
using Calango.Core.Models;
using Calango.Web.Htmx;
using Calango.Web.Text;
using Microsoft.AspNetCore.Mvc;

namespace Calango.Web.Pages.Chat;

/// <summary>The messages of a chat: older ones are read here, new ones are sent here, without scripts together with files.</summary>
[RequestSizeLimit(Attachments.LargestBody)]
[RequestFormLimits(MultipartBodyLengthLimit = Attachments.LargestBody, ValueLengthLimit = LargestText)]
public sealed class Messages(Viewer viewer, ChatViews views, ComposerFiles composer, Turns turns) : ChatPage(viewer, views)
{
    // Far more than a message has: a longer one than that is told so.
    private const int LargestText = 16 << 20;

    /// <summary>What is shown.</summary>
    public ThreadView Thread { get; private set; } = ThreadView.Empty;

    /// <summary>The chat, where a file that came with a message was not taken, and nothing was sent; null: the messages are shown.</summary>
    public ChatView? Chat { get; private set; }

    /// <summary>Shows those before one.</summary>
    public async Task<IActionResult> OnGetAsync(Guid? before, CancellationToken cancellationToken)
    {
        Thread = await Views.ThreadAsync(AccountId, ConversationId, before, cancellationToken) ?? throw new NotFoundException();
        return Request.IsHtmx() ? Partial("_Messages", Thread) : Page();
    }

    /// <summary>Sends one, in this chat or in a new one.</summary>
    public async Task<IActionResult> OnPostAsync(
        string? text, List<IFormFile> files, List<Guid> pictures, Guid clientMessageId, string? model, SettingsForm settings, [FromQuery] bool whole, CancellationToken cancellationToken)
    {
        var received = await composer.ReceiveAsync(ConversationId, files, settings, model, cancellationToken);
        if (received.Refusals.Count > 0)
        {
            Chat = await composer.ShowAsync(received, settings, model, text, cancellationToken);
            return Page();
        }

        ConversationId = received.ConversationId;
        pictures.AddRange(received.Pictures);
        if (files.Count > 0 && pictures.Count == 0 && string.IsNullOrWhiteSpace(text))
        {
            return Redirect(received.Url);
        }

        var isNew = ConversationId == Guid.Empty;
        var asked = await turns.AskAsync(AccountId, new NewMessage(
            isNew ? null : ConversationId,
            text ?? "",
            clientMessageId == Guid.Empty ? Guid.CreateVersion7() : clientMessageId,
            ModelRef.TryParse(model, out var chosen) ? chosen : null,
            RequestId,
            isNew ? settings.Read() : null,
            settings.Folder)
        {
            Pictures = pictures,
        }, cancellationToken);
        ConversationId = asked.Turn.ConversationId;
        if (!Request.IsHtmx())
        {
            return Redirect(ChatUrl);
        }

        Response.Trigger("conversations-changed");
        var chat = whole ? await Views.FindAsync(AccountId, ConversationId, cancellationToken)
            : asked.Chat is { } begun ? await Views.OfAsync(begun, cancellationToken)
            : await Views.NewestAsync(AccountId, ConversationId, cancellationToken);
        return chat is null ? throw new NotFoundException()
            : isNew || whole ? ShowWholeChat(chat)
            : Partial("_Turn", chat);
    }

    private PartialViewResult ShowWholeChat(ChatView chat)
    {
        Response.PushUrl(ChatUrl);
        Response.Retarget("#main", "innerHTML");
        return Partial("_Chat", chat);
    }
}
