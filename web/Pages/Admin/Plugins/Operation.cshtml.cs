using Calango.Core.Errors;
using Calango.Core.Plugins;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Admin.Plugins;

/// <summary>Something that is done with a plugin, or was: each step with its time and how it went.</summary>
public sealed class Operation(PluginInstaller installer) : PageModel
{
    /// <summary>The operation.</summary>
    public PluginOperation Done { get; private set; } = null!;

    /// <summary>Shows it.</summary>
    public void OnGet(Guid id) => Done = installer.Find(id) ?? throw new NotFoundException();
}
