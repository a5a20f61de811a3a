using Calango.Core.Audit;
using Calango.Core.Knowledge;
using Calango.Web.Htmx;
using Calango.Web.Identity;
using Calango.Web.Text;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Knowledge;

/// <summary>One source of a collection: how often it is looked at, and its removal.</summary>
public sealed class SourceSetup(CollectionSources sources, Viewer viewer, RequestAudit audit) : PageModel
{
    /// <summary>The source.</summary>
    public Source Source { get; private set; } = null!;

    /// <summary>Shows it.</summary>
    public async Task OnGetAsync(Guid id, Guid sourceId, CancellationToken cancellationToken) =>
        Source = await sources.FindAsync(viewer.AccountId, id, sourceId, cancellationToken);

    /// <summary>Has it looked at more or less often.</summary>
    public async Task<IActionResult> OnPutAsync(Guid id, Guid sourceId, RefreshInterval interval, CancellationToken cancellationToken)
    {
        await sources.ChangeAsync(viewer.AccountId, id, sourceId, Enum.IsDefined(interval) ? interval : RefreshInterval.Never, cancellationToken);
        return this.Go($"/knowledge/{id}/sources");
    }

    /// <summary>Removes it, with its documents or without.</summary>
    public async Task<IActionResult> OnDeleteAsync(Guid id, Guid sourceId, [FromQuery] bool withDocuments, CancellationToken cancellationToken)
    {
        var source = await sources.FindAsync(viewer.AccountId, id, sourceId, cancellationToken);
        await sources.RemoveAsync(viewer.AccountId, id, sourceId, withDocuments, cancellationToken);
        await audit.WriteAsync(AuditActs.SourceRemoved, $"{id} {source.Address}");
        return this.Go($"/knowledge/{id}/sources");
    }
}
