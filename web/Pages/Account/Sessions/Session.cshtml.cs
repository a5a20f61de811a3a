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
public sealed class Session(Core.Identity.Sessions sessions, Viewer viewer, LoginFlow flow, RequestAudit audit) : PageModel
{
    /// <summary>The provider at which they log out, too; null: there is none.</summary>
    public Onward? Onward { get; private set; }

    /// <summary>Ends it; their own: they sign out.</summary>
    public async Task<IActionResult> OnDeleteAsync(Guid id, CancellationToken cancellationToken)
    {
        if (id == viewer.SessionId)
        {
            await HttpContext.SignOutAsync();
            await audit.WriteAsync(AuditActs.SessionEnded, id.ToString());
            Onward = await flow.LeaveAsync(id);
            return Onward is null ? this.Go("/sign-in") : this.Leave(Onward.Address);
        }

        await sessions.EndAsync(viewer.AccountId, id, cancellationToken);
        await audit.WriteAsync(AuditActs.SessionEnded, id.ToString());
        return this.Go("/account");
    }
}
