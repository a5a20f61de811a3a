using Calango.Core.Audit;
using Calango.Web.Htmx;
using Calango.Web.Identity;
using Calango.Web.Text;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Account.Sessions;

/// <summary>One of the viewer's sessions.</summary>
[ServerOnly]
public sealed class Session(Core.Identity.Sessions sessions, Viewer viewer, RequestAudit audit) : PageModel
{
    /// <summary>Ends it; their own: they sign out.</summary>
    public async Task<IActionResult> OnDeleteAsync(Guid id, CancellationToken cancellationToken)
    {
        if (id == viewer.SessionId)
        {
            await HttpContext.SignOutAsync();
            await audit.WriteAsync(AuditActs.SessionEnded, id.ToString());
            return this.Go("/sign-in");
        }

        await sessions.EndAsync(viewer.AccountId, id, cancellationToken);
        await audit.WriteAsync(AuditActs.SessionEnded, id.ToString());
        return this.Go("/account");
    }
}
