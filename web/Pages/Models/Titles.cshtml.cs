using Calango.Core.Chat;
using Calango.Core.Identity;
using Calango.Core.Models;
using Calango.Web.Htmx;
using Calango.Web.Text;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Models;

/// <summary>How titles of new chats are made.</summary>
public sealed class TitleSettings(Viewer viewer, Titles titles, TitleChoices choices) : PageModel
{
    /// <summary>Chooses it.</summary>
    public async Task<IActionResult> OnPutAsync(TitleMode mode, string? model, CancellationToken cancellationToken)
    {
        await titles.ChooseAsync(viewer.AccountId, mode, ModelRef.TryParse(model, out var chosen) ? chosen : null, cancellationToken);
        return Request.IsHtmx() ? Partial("_Titles", await choices.OfViewerAsync(cancellationToken) with { IsSaved = true }) : Redirect("/models#titles");
    }
}
