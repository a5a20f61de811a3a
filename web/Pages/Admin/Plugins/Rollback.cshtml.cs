using Calango.Core.Plugins;
using Calango.Web.Htmx;
using Calango.Web.Text;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Admin.Plugins;

/// <summary>The way back to the version before.</summary>
public sealed class Rollback(PluginInstaller installer, Viewer viewer) : PageModel
{
    /// <summary>Goes back.</summary>
    public IActionResult OnPost(string id) => this.Go($"/admin/plugins/operations/{installer.RollBack(id, viewer.AccountId).Id}");
}
