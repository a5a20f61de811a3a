using Calango.Core.Errors;
using Calango.Core.Plugins;
using Calango.Web.Htmx;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Admin.Plugins.Catalogs;

/// <summary>One catalog.</summary>
public sealed class Catalog(PluginCatalogs catalogs) : PageModel
{
    /// <summary>Reads it again. Why that failed is shown beside it.</summary>
    public async Task<IActionResult> OnPostAsync(Guid id, CancellationToken cancellationToken)
    {
        try
        {
            await catalogs.RefreshAsync(id, cancellationToken);
        }
        catch (RejectedException)
        {
            // The catalog keeps the reason.
        }

        return this.Go("/admin/plugins/catalogs");
    }

    /// <summary>Forgets it.</summary>
    public IActionResult OnDelete(Guid id)
    {
        catalogs.Remove(id);
        return this.Go("/admin/plugins/catalogs");
    }
}
