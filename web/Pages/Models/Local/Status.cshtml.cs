using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Models.Local;

/// <summary>The installation that goes on, for the corner of every page.</summary>
public sealed class Status(LocalModelViews views) : PageModel
{
    /// <summary>Shows it.</summary>
    public async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken) =>
        Partial("/Pages/Shared/Components/Installation/Default.cshtml", await views.InstallingAsync(cancellationToken));
}
