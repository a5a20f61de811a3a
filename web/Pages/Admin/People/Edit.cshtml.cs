using Calango.Core.Audit;
using Calango.Core.Identity;
using Calango.Web.Htmx;
using Calango.Web.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Admin.People;

/// <summary>One person, and what they may do.</summary>
[ServerOnly]
public sealed class Edit(Core.Identity.People people, RequestAudit audit) : PageModel
{
    /// <summary>They.</summary>
    public Person Shown { get; private set; } = null!;

    /// <summary>What people may be.</summary>
    public IReadOnlyList<Role> Roles { get; private set; } = [];

    /// <summary>Shows them.</summary>
    public async Task OnGetAsync(Guid id, CancellationToken cancellationToken) =>
        (Shown, Roles) = (await people.FindAsync(id, cancellationToken), await people.RolesAsync(cancellationToken));

    /// <summary>Gives them another role.</summary>
    public async Task<IActionResult> OnPutAsync(Guid id, Guid roleId, CancellationToken cancellationToken)
    {
        await people.ChangeRoleAsync(id, roleId, cancellationToken);
        await audit.WriteAsync(AuditActs.RoleChanged, id.ToString());
        return this.Go($"/admin/people/{id}");
    }
}
