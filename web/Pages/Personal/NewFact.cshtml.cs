using Calango.Core.Chat;
using Calango.Core.Errors;
using Calango.Web.Htmx;
using Calango.Web.Text;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Personal;

/// <summary>A fact that each model is to know from now on.</summary>
public sealed class NewFact(Viewer viewer, PersonalNotes notes, MessageTree messages) : PageModel
{
    /// <summary>What it says so far.</summary>
    public string Text { get; private set; } = "";

    /// <summary>It was just added.</summary>
    public bool IsRemembered { get; private set; }

    /// <summary>Shows the form; with a message of the viewer's, it begins with what they wrote there.</summary>
    public async Task OnGetAsync(Guid? chat, Guid? message, CancellationToken cancellationToken)
    {
        if (chat is { } chatId && message is { } messageId)
        {
            var view = await messages.FindAsync(viewer.AccountId, chatId, messageId, cancellationToken) ?? throw new NotFoundException();
            Text = PersonalNotes.FactFrom(view.Message.Text);
        }
    }

    /// <summary>Adds it.</summary>
    public async Task<IActionResult> OnPostAsync(string? text, CancellationToken cancellationToken)
    {
        await notes.AddFactAsync(viewer.AccountId, text ?? "", cancellationToken);
        IsRemembered = true;
        return Request.IsHtmx() ? Page() : LocalRedirect("/personal#facts-head");
    }
}
