using Calango.Core.Knowledge;
using Calango.Web.Text;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Knowledge;

/// <summary>The question before a collection is removed.</summary>
public sealed class Deletion(Collections collections, Viewer viewer) : PageModel
{
    /// <summary>The collection.</summary>
    public CollectionOverview Overview { get; private set; } = null!;

    /// <summary>Asks.</summary>
    public async Task OnGetAsync(Guid id, CancellationToken cancellationToken) =>
        Overview = await collections.FindAsync(viewer.AccountId, id, CollectionRight.Manage, cancellationToken);
}
