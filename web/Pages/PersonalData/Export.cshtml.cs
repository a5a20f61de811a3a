using System.Collections.Concurrent;
using Calango.Core.Audit;
using Calango.Core.Errors;
using Calango.Core.PersonalData;
using Calango.Web.Identity;
using Calango.Web.Text;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.PersonalData;

/// <summary>All that is the viewer's, as a zip.</summary>
public sealed class Export(PersonalExport export, Viewer viewer, RequestAudit audit) : PageModel
{
    // Each reads all that somebody has: one at a time for each person and replica.
    private static readonly ConcurrentDictionary<Guid, bool> Busy = new();

    /// <summary>Sends it as it is read.</summary>
    public async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken)
    {
        if (!Busy.TryAdd(viewer.AccountId, true))
        {
            throw new RejectedException("data.busy");
        }

        try
        {
            await audit.WriteAsync(AuditActs.DataExported, viewer.AccountId.ToString());
            Response.ContentType = "application/zip";
            Response.Headers.ContentDisposition = "attachment; filename=calango-data.zip";
            await export.WriteAsync(viewer.AccountId, Response.Body, cancellationToken);
            return new EmptyResult();
        }
        finally
        {
            Busy.TryRemove(viewer.AccountId, out _);
        }
    }
}
