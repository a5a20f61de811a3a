using Calango.Core.Audit;
using Calango.Web.Htmx;
using Calango.Web.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Admin.People;

/// <summary>That somebody is kept out.</summary>
[ServerOnly]
public sealed class Suspension(Core.Identity.People people, RequestAudit audit) : PageModel
{
    /// <summary>Keeps them out.</summary>
    public async Task<IActionResult> OnPostAsync(Guid id, CancellationToken cancellationToken)
    {
        await people.SuspendAsync(id, cancellationToken);
        await audit.WriteAsync(AuditActs.Suspended, id.ToString());
        return this.Go($"/admin/people/{id}");
    }

    /// <summary>Lets them in again.</summary>
    public async Task<IActionResult> OnDeleteAsync(Guid id, CancellationToken cancellationToken)
    {
        await people.RestoreAsync(id, cancellationToken);
        await audit.WriteAsync(AuditActs.Restored, id.ToString());
        return this.Go($"/admin/people/{id}");
    }
}
