using Calango.Core.Chat;
using Calango.Web.Htmx;
using Calango.Web.Text;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Chat;

/// <summary>The stop of a running turn.</summary>
public sealed class Stop(Viewer viewer, Turns turns) : PageModel
{
    /// <summary>Stops it; what has come stays. The turn's own stream shows the end.</summary>
    public async Task<IActionResult> OnPostAsync(Guid id, CancellationToken cancellationToken)
    {
        var chat = await turns.StopAsync(viewer.AccountId, id, cancellationToken);
        return Request.IsHtmx() ? StatusCode(StatusCodes.Status204NoContent) : Redirect($"/chat/{chat}#message-{id}");
    }
}
