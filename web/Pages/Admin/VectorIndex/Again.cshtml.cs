using Calango.Core.Knowledge;
using Calango.Web.Htmx;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Admin.VectorIndex;

/// <summary>Has the index that answers made anew.</summary>
public sealed class Again(PassageIndexes indexes) : PageModel
{
    /// <summary>Begins with it.</summary>
    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        await indexes.BuildAgainAsync(cancellationToken);
        return this.Go("/admin/index");
    }
}
