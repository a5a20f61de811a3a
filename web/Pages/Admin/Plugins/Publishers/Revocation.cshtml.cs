using Calango.Core.Plugins;
using Calango.Web.Htmx;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Admin.Plugins.Publishers;

/// <summary>A key or a package that was taken back.</summary>
public sealed class Revocation(PluginTrust trust) : PageModel
{
    /// <summary>Lets it be used again.</summary>
    public IActionResult OnDelete(string id)
    {
        trust.Restore(id);
        return this.Go("/admin/plugins/publishers");
    }
}
