using Calango.Core.Audit;
using Calango.Web.Htmx;
using Calango.Web.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Admin.Groups;

/// <summary>That somebody is in a group.</summary>
[ServerOnly]
public sealed class Member(Core.Identity.Groups groups, RequestAudit audit) : PageModel
{
    /// <summary>They are not any more, as far as whoever runs the server has a say in it.</summary>
    public async Task<IActionResult> OnDeleteAsync(Guid id, Guid accountId, CancellationToken cancellationToken)
    {
        await groups.TakeOutAsync(id, accountId, cancellationToken);
        await audit.WriteAsync(AuditActs.TakenOutOfGroup, $"{id} {accountId}");
        return this.Go($"/admin/groups/{id}");
    }
}
