using Calango.Core.Plugins;
using Calango.Web.Htmx;
using Calango.Web.Text;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Admin.Plugins;

/// <summary>Whether a plugin serves.</summary>
public sealed class Service(PluginInstaller installer, Viewer viewer) : PageModel
{
    /// <summary>Has it serve.</summary>
    public IActionResult OnPost(string id) => Show(installer.Enable(id, viewer.AccountId));

    /// <summary>Takes it out of service.</summary>
    /// <param name="id">The plugin.</param>
    /// <param name="now">Whether answers that use it are stopped.</param>
    public IActionResult OnDelete(string id, bool now) => Show(installer.Disable(id, now, viewer.AccountId));

    private IActionResult Show(PluginOperation operation) => this.Go($"/admin/plugins/operations/{operation.Id}");
}
