using Calango.Core.Chat;
using Calango.Web.Htmx;
using Calango.Web.Text;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Chat;

/// <summary>A person's no to a call of a tool.</summary>
public sealed class Denial(Viewer viewer, Turns turns) : PageModel
{
    /// <summary>Says it. The model is told, and goes on without.</summary>
    public async Task<IActionResult> OnPostAsync(Guid id, Guid useId, CancellationToken cancellationToken)
    {
        var chat = await turns.DecideAsync(viewer.AccountId, id, useId, ToolDecision.Deny, cancellationToken);
        return Request.IsHtmx() ? StatusCode(StatusCodes.Status204NoContent) : Redirect($"/chat/{chat}#message-{id}");
    }
}
