using Calango.Core.Chat;
using Calango.Core.Models;
using Calango.Web.Htmx;
using Calango.Web.Text;
using Microsoft.AspNetCore.Mvc;

namespace Calango.Web.Pages.Chat;

/// <summary>A question to several models at once, in this chat or in a new one.</summary>
public sealed class Several(Viewer viewer, ChatViews views, Turns turns) : ChatPage(viewer, views)
{
    /// <summary>Asks it, and goes to where the answers stand side by side.</summary>
    public async Task<IActionResult> OnPostAsync(string? text, List<Guid> pictures, List<string> models, Guid clientMessageId, SettingsForm settings, CancellationToken cancellationToken)
    {
        var isNew = ConversationId == Guid.Empty;
        var message = new NewMessage(
            isNew ? null : ConversationId, text ?? "", clientMessageId == Guid.Empty ? Guid.CreateVersion7() : clientMessageId, null, RequestId, isNew ? settings.Read() : null, settings.Folder)
        { Pictures = pictures };
        var turn = await turns.AskSeveralAsync(
            AccountId, message, [.. models.Select(model => ModelRef.TryParse(model, out var chosen) ? chosen : (ModelRef?)null).OfType<ModelRef>()], cancellationToken);
        var url = $"/chat/{turn.ConversationId}/messages/{turn.QuestionId}/compared";
        if (!Request.IsHtmx())
        {
            return Redirect(url);
        }

        Response.Go(url);
        return new EmptyResult();
    }
}
