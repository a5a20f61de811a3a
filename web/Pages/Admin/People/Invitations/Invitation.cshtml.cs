using Calango.Core.Audit;
using Calango.Web.Htmx;
using Calango.Web.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Admin.People.Invitations;

/// <summary>An invitation that nobody has used yet.</summary>
[ServerOnly]
public sealed class Invitation(Core.Identity.Invitations invitations, RequestAudit audit) : PageModel
{
    /// <summary>Takes it back: its link leads nowhere any more.</summary>
    public async Task<IActionResult> OnDeleteAsync(Guid id, CancellationToken cancellationToken)
    {
        await invitations.TakeBackAsync(id, cancellationToken);
        await audit.WriteAsync(AuditActs.InvitationTakenBack, id.ToString());
        return this.Go("/admin/people");
    }
}
