using Calango.Web.Htmx;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Admin.Storage;

/// <summary>The copies of files in a place that counts no more.</summary>
public sealed class Copies(Core.Files.Storage storage) : PageModel
{
    /// <summary>Begins to remove them.</summary>
    public async Task<IActionResult> OnDeleteAsync(Guid id, CancellationToken cancellationToken)
    {
        await storage.RemoveCopiesAsync(id, cancellationToken);
        return this.Go("/admin/storage");
    }
}
