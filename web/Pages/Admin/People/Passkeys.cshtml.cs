using Calango.Core.Audit;
using Calango.Core.Errors;
using Calango.Web.Htmx;
using Calango.Web.Identity;
using Calango.Web.Text;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Admin.People;

/// <summary>Somebody's passkeys.</summary>
[ServerOnly]
public sealed class Passkeys(Core.Identity.Passkeys passkeys, Viewer viewer, RequestAudit audit) : PageModel
{
    /// <summary>Takes all of them away from somebody who has lost their device.</summary>
    public async Task<IActionResult> OnDeleteAsync(Guid id, CancellationToken cancellationToken)
    {
        // One's own are removed one by one, and the session goes on.
        if (id == viewer.AccountId)
        {
            throw new RejectedException("passkey.own");
        }

        await passkeys.TakeAwayAsync(id, cancellationToken);
        await audit.WriteAsync(AuditActs.PasskeysTakenAway, id.ToString());
        return this.Go($"/admin/people/{id}");
    }
}
