using Calango.Core.Knowledge;
using Calango.Web.Htmx;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Admin.VectorIndex;

/// <summary>The index that is being filled.</summary>
public sealed class Coming(PassageIndexes indexes) : PageModel
{
    /// <summary>Gives it up; the one that answers stays.</summary>
    public async Task<IActionResult> OnDeleteAsync(CancellationToken cancellationToken)
    {
        await indexes.StopAsync(cancellationToken);
        return this.Go("/admin/index");
    }
}
