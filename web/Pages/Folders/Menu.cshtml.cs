using Calango.Core.Chat;
using Calango.Web.Htmx;
using Calango.Web.Text;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Folders;

/// <summary>What can be done with a folder.</summary>
public sealed class Menu(Viewer viewer, Core.Chat.Folders folders) : PageModel
{
    /// <summary>The folder.</summary>
    public Folder Folder { get; private set; } = null!;

    /// <summary>Shows it.</summary>
    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken cancellationToken)
    {
        Folder = await folders.FindAsync(viewer.AccountId, id, cancellationToken);
        return Request.IsHtmx() ? Partial("_Menu", Folder) : Page();
    }
}
