using Calango.Core.Errors;
using Calango.Core.Models;
using Calango.Web.Htmx;
using Calango.Web.Text;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Models;

/// <summary>The model with which new chats start.</summary>
public sealed class Default(Viewer viewer, ModelCatalog catalog, Core.Chat.Conversations conversations) : PageModel
{
    /// <summary>Chooses it and begins a chat.</summary>
    public async Task<IActionResult> OnPostAsync([FromQuery] string? model, CancellationToken cancellationToken)
    {
        if (!ModelRef.TryParse(model, out var chosen) || await catalog.FindAsync(viewer.AccountId, chosen, cancellationToken) is null)
        {
            throw new RejectedException("model.gone");
        }

        await conversations.UseForNewAsync(viewer.AccountId, chosen, cancellationToken);
        return this.Go("/");
    }
}
