using Calango.Core.Errors;
using Calango.Core.Plugins;
using Calango.Web.Htmx;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Admin.Plugins;

/// <summary>Something that is done with a plugin, or was: each step with its time and how it went.</summary>
public sealed class Operation(PluginInstaller installer) : PageModel
{
    /// <summary>The operation.</summary>
    public PluginOperation Done { get; private set; } = null!;

    /// <summary>Shows it; to a page that follows it, as it is now.</summary>
    public IActionResult OnGet(Guid id)
    {
        Done = installer.Find(id) ?? throw new NotFoundException();
        return Request.IsHtmx() ? Partial("_FollowedOperation", Done) : Page();
    }
}
