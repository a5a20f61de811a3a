using Calango.Core.Templates;
using Calango.Web.Htmx;
using Calango.Web.Text;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Templates;

/// <summary>How good the viewer finds a template.</summary>
public sealed class Rating(Core.Templates.Templates templates, Viewer viewer) : PageModel
{
    /// <summary>Says it.</summary>
    public Task<IActionResult> OnPutAsync(Guid id, [FromQuery] int stars, CancellationToken cancellationToken) => RateAsync(id, stars, cancellationToken);

    /// <summary>Says nothing any more.</summary>
    public Task<IActionResult> OnDeleteAsync(Guid id, CancellationToken cancellationToken) => RateAsync(id, stars: null, cancellationToken);

    private async Task<IActionResult> RateAsync(Guid id, int? stars, CancellationToken cancellationToken)
    {
        await templates.RateAsync(viewer.AccountId, id, stars, cancellationToken);
        if (!Request.IsHtmx())
        {
            return LocalRedirect($"/templates/{id}");
        }

        Response.Retarget(".rating", "outerHTML");
        return Partial("_Rating", await templates.FindAsync(viewer.AccountId, id, TemplateRight.Use, cancellationToken));
    }
}
