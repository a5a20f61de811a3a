using Calango.Core.Audit;
using Calango.Web.Htmx;
using Calango.Web.Identity;
using Calango.Web.Text;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Account.Sessions;

/// <summary>All of the viewer's sessions.</summary>
[ServerOnly]
public sealed class Index(Core.Identity.Sessions sessions, Viewer viewer, RequestAudit audit) : PageModel
{
    /// <summary>Ends all but this one.</summary>
    public async Task<IActionResult> OnDeleteAsync(CancellationToken cancellationToken)
    {
        await sessions.EndAllAsync(viewer.AccountId, except: viewer.SessionId, cancellationToken);
        await audit.WriteAsync(AuditActs.SessionEnded, "");
        return this.Go("/account");
    }
}
