using Calango.Core.Knowledge;
using Calango.Web.Htmx;
using Calango.Web.Text;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Knowledge;

/// <summary>That a source is looked at.</summary>
public sealed class SourceRefresh(CollectionSources sources, Viewer viewer) : PageModel
{
    /// <summary>Has it looked at now.</summary>
    public async Task<IActionResult> OnPostAsync(Guid id, Guid sourceId, CancellationToken cancellationToken)
    {
        await sources.RefreshAsync(viewer.AccountId, id, sourceId, cancellationToken);
        if (!Request.IsHtmx())
        {
            return LocalRedirect($"/knowledge/{id}/sources");
        }

        Response.Trigger("sources-changed");
        return StatusCode(StatusCodes.Status204NoContent);
    }
}
