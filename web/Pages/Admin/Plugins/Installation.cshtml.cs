using Calango.Core.Plugins;
using Calango.Web.Htmx;
using Calango.Web.Text;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Admin.Plugins;

/// <summary>The consent to a package, which installs it.</summary>
public sealed class Installation(PluginInstaller installer, Viewer viewer) : PageModel
{
    /// <summary>Begins, and shows how it goes.</summary>
    public IActionResult OnPost(string digest, PluginTrustLevel level, bool acceptsInProcess, Guid? catalog) =>
        this.Go($"/admin/plugins/operations/{installer.Install(new PluginConsent(digest, level, acceptsInProcess, catalog), viewer.AccountId).Id}");
}
