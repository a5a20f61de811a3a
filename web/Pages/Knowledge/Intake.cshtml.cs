using Calango.Core.Knowledge;
using Calango.Web.Htmx;
using Calango.Web.Text;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Knowledge;

/// <summary>That a document is being taken in.</summary>
public sealed class Intake(Documents documents, Viewer viewer) : PageModel
{
    /// <summary>Goes on with one that was stopped, or tries one again that failed.</summary>
    public async Task<IActionResult> OnPostAsync(Guid id, Guid documentId, CancellationToken cancellationToken)
    {
        await documents.ResumeAsync(viewer.AccountId, id, documentId, cancellationToken);
        return Changed(id);
    }

    /// <summary>Stops for now.</summary>
    public async Task<IActionResult> OnDeleteAsync(Guid id, Guid documentId, CancellationToken cancellationToken)
    {
        await documents.PauseAsync(viewer.AccountId, id, documentId, cancellationToken);
        return Changed(id);
    }

    private IActionResult Changed(Guid id)
    {
        if (!Request.IsHtmx())
        {
            return LocalRedirect($"/knowledge/{id}");
        }

        Response.Trigger("documents-changed");
        return StatusCode(StatusCodes.Status204NoContent);
    }
}
