using Calango.Core.Plugins;
using Calango.Web.Htmx;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Admin.Plugins.Publishers;

/// <summary>A publisher whom this server trusts.</summary>
public sealed class Publisher(PluginTrust trust) : PageModel
{
    /// <summary>Trusts it no longer.</summary>
    public IActionResult OnDelete(string key)
    {
        trust.Remove(key);
        return this.Go("/admin/plugins/publishers");
    }
}
