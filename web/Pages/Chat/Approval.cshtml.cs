using Calango.Core.Chat;
using Calango.Web.Htmx;
using Calango.Web.Text;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Chat;

/// <summary>A person's yes to a call of a tool.</summary>
public sealed class Approval(Viewer viewer, Turns turns) : PageModel
{
    /// <summary>Says it, this once or from now on. The turn's own stream shows what comes of it.</summary>
    public async Task<IActionResult> OnPostAsync(Guid id, Guid useId, [FromQuery] bool always, CancellationToken cancellationToken)
    {
        var chat = await turns.DecideAsync(viewer.AccountId, id, useId, always ? ToolDecision.AllowAlways : ToolDecision.Allow, cancellationToken);
        return Request.IsHtmx() ? StatusCode(StatusCodes.Status204NoContent) : Redirect($"/chat/{chat}#message-{id}");
    }
}
