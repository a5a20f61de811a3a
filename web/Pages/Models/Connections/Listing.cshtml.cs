using Calango.Core.Models;
using Calango.Web.Htmx;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Models.Connections;

/// <summary>The list of a connection's models.</summary>
public sealed class Listing(ModelCatalog catalog) : PageModel
{
    /// <summary>Asks the service for it again.</summary>
    public async Task<IActionResult> OnPostAsync(Guid id, CancellationToken cancellationToken)
    {
        await catalog.RefreshAsync(id, cancellationToken);
        if (!Request.IsHtmx())
        {
            return Redirect("/models");
        }

        Response.Refresh();
        return StatusCode(StatusCodes.Status204NoContent);
    }
}
