using Calango.Core.Audit;
using Calango.Web.Htmx;
using Calango.Web.Identity;
using Calango.Web.Text;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Admin.People;

/// <summary>All of somebody's sessions.</summary>
[ServerOnly]
public sealed class Sessions(Core.Identity.People people, Core.Identity.Sessions sessions, Viewer viewer, RequestAudit audit) : PageModel
{
    /// <summary>Ends them; of the viewer's own the one goes on in which they do it.</summary>
    public async Task<IActionResult> OnDeleteAsync(Guid id, CancellationToken cancellationToken)
    {
        await people.FindAsync(id, cancellationToken);
        await sessions.EndAllAsync(id, except: viewer.SessionId, cancellationToken);
        await audit.WriteAsync(AuditActs.SessionsEndedFor, id.ToString());
        return this.Go("/admin/sessions");
    }
}
