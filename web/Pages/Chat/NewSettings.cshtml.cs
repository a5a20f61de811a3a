using Calango.Core.Models;
using Calango.Web.Htmx;
using Calango.Web.Text;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Chat;

/// <summary>How the turns of a chat will run that has no message yet. The composer carries it until there is one.</summary>
public sealed class NewSettings(Viewer viewer, ChatViews views) : PageModel
{
    /// <summary>What the form has.</summary>
    public SettingsForm Form { get; private set; } = new();

    /// <summary>What was picked and written in the composer; without scripts they travel along.</summary>
    public string? ModelName { get; private set; }

    /// <inheritdoc cref="ModelName"/>
    public string? Text { get; private set; }

    /// <summary>The new chat, once the settings were chosen without scripts.</summary>
    public ChatView? Chat { get; private set; }

    /// <summary>Shows an empty form.</summary>
    public void OnGet()
    {
    }

    /// <summary>Shows the form with what the composer carries.</summary>
    public void OnPost(SettingsForm settings, string? model, string? text) => (Form, ModelName, Text) = (settings, model, text);

    /// <summary>Gives the composer what was chosen.</summary>
    public async Task<IActionResult> OnPutAsync(SettingsForm settings, string? model, string? text, CancellationToken cancellationToken)
    {
        settings.Read().Validate();
        var chosen = settings.Reset ? new SettingsForm { Folder = settings.Folder } : settings;
        if (Request.IsHtmx())
        {
            return Partial("_NewSettings", chosen);
        }

        var chat = await views.NewAsync(viewer.AccountId, ModelRef.TryParse(model, out var picked) ? picked : null, cancellationToken);
        Chat = chat with { Composer = chat.Composer with { Settings = chosen, Draft = text } };
        return Page();
    }
}
