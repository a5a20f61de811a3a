using Calango.Core.Chat;
using Calango.Web.Htmx;
using Calango.Web.Text;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Chat;

/// <summary>The runs of a turn's request after the first.</summary>
public sealed class Reruns(Viewer viewer, Turns turns) : PageModel
{
    /// <summary>Sends it again as it was, and goes to where both answers stand side by side.</summary>
    public async Task<IActionResult> OnPostAsync(Guid id, CancellationToken cancellationToken)
    {
        var rerun = await turns.RepeatAsync(viewer.AccountId, id, Guid.CreateVersion7(), HttpContext.TraceIdentifier, cancellationToken);
        var url = $"/turns/{rerun.Id}/comparison";
        if (!Request.IsHtmx())
        {
            return Redirect(url);
        }

        Response.Go(url);
        return new EmptyResult();
    }
}
