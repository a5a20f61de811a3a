using Calango.Core.Audit;
using Calango.Core.Identity;
using Calango.Web.Htmx;
using Calango.Web.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Admin.Sessions;

/// <summary>One of somebody's sessions.</summary>
[ServerOnly]
public sealed class Session(OpenSessions sessions, RequestAudit audit) : PageModel
{
    /// <summary>Ends it.</summary>
    public async Task<IActionResult> OnDeleteAsync(Guid id, CancellationToken cancellationToken)
    {
        var owner = await sessions.EndAsync(id, cancellationToken);
        await audit.WriteAsync(AuditActs.SessionEndedFor, owner.ToString());
        return this.Go("/admin/sessions");
    }
}
