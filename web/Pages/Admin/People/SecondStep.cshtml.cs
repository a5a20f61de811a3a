using Calango.Core.Audit;
using Calango.Core.Errors;
using Calango.Core.Identity;
using Calango.Web.Htmx;
using Calango.Web.Identity;
using Calango.Web.Text;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Admin.People;

/// <summary>That somebody is asked for a code, too.</summary>
[ServerOnly]
public sealed class SecondStep(SecondSteps steps, Viewer viewer, RequestAudit audit) : PageModel
{
    /// <summary>Takes it away from somebody who has lost their device.</summary>
    public async Task<IActionResult> OnDeleteAsync(Guid id, CancellationToken cancellationToken)
    {
        // One's own is turned off with the password: a browser left open shall not do without.
        if (id == viewer.AccountId)
        {
            throw new RejectedException("secondStep.own");
        }

        await steps.TakeAwayAsync(id, cancellationToken);
        await audit.WriteAsync(AuditActs.SecondStepTakenAway, id.ToString());
        return this.Go($"/admin/people/{id}");
    }
}
