using Calango.Core.Models;
using Calango.Web.Htmx;
using Calango.Web.Text;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Models;

/// <summary>The models that are asked where the one that was wanted cannot answer.</summary>
public sealed class Fallbacks(Viewer viewer, FallbackModels fallbacks, FallbackChoices choices) : PageModel
{
    /// <summary>Chooses them, in their order.</summary>
    public async Task<IActionResult> OnPutAsync(string?[] model, CancellationToken cancellationToken)
    {
        var chosen = model.Select(text => ModelRef.TryParse(text, out var known) ? known : (ModelRef?)null).OfType<ModelRef>();
        await fallbacks.ChooseAsync(viewer.AccountId, chosen, cancellationToken);
        return Request.IsHtmx() ? Partial("_Fallbacks", await choices.OfViewerAsync(cancellationToken) with { IsSaved = true }) : Redirect("/models#fallbacks");
    }
}
