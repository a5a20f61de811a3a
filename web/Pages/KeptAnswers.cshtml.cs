using Calango.Core.Chat;
using Calango.Web.Htmx;
using Calango.Web.Text;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages;

/// <summary>The answers that are kept for the viewer.</summary>
public sealed class KeptAnswersPage(Viewer viewer, KeptAnswers kept) : PageModel
{
    /// <summary>Forgets them.</summary>
    public async Task<IActionResult> OnDeleteAsync(CancellationToken cancellationToken)
    {
        await kept.ClearAsync(viewer.AccountId, cancellationToken);
        return Request.IsHtmx() ? Partial("_KeptAnswers", 0) : Redirect("/preferences");
    }
}
