using Calango.Core.Audit;
using Calango.Core.Identity;
using Calango.Core.PersonalData;
using Calango.Web.Htmx;
using Calango.Web.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Admin.People;

/// <summary>One person, and what they may do.</summary>
[ServerOnly]
public sealed class Edit(Core.Identity.People people, Core.Identity.Roles roles, Core.Identity.Groups groups, AccountRemoval removal, RequestAudit audit) : PageModel
{
    /// <summary>They.</summary>
    public Person Shown { get; private set; } = null!;

    /// <summary>What people may be.</summary>
    public IReadOnlyList<Role> Roles { get; private set; } = [];

    /// <summary>The groups that they are in.</summary>
    public IReadOnlyList<GroupOfPerson> Groups { get; private set; } = [];

    /// <summary>Those that they could be put into.</summary>
    public IReadOnlyList<Group> Others { get; private set; } = [];

    /// <summary>From when on their account is removed if it is asked for now.</summary>
    public DateTimeOffset RemovedIfAskedNow => removal.IfAskedNow;

    /// <summary>Shows them.</summary>
    public async Task OnGetAsync(Guid id, CancellationToken cancellationToken)
    {
        (Shown, Roles) = (await people.FindAsync(id, cancellationToken), await roles.AllAsync(cancellationToken));
        Groups = await groups.OfAsync(id, cancellationToken);
        var there = Groups.Where(group => group.ByAdministrator).Select(group => group.Group.Id).ToHashSet();
        Others = [.. (await groups.AllAsync(cancellationToken)).Where(group => !there.Contains(group.Id))];
    }

    /// <summary>Puts them into a group.</summary>
    public async Task<IActionResult> OnPostAsync(Guid id, Guid groupId, CancellationToken cancellationToken)
    {
        await groups.PutInAsync(groupId, id, cancellationToken);
        await audit.WriteAsync(AuditActs.PutIntoGroup, $"{groupId} {id}");
        return this.Go($"/admin/people/{id}");
    }

    /// <summary>Gives them another role.</summary>
    public async Task<IActionResult> OnPutAsync(Guid id, Guid roleId, CancellationToken cancellationToken)
    {
        await people.ChangeRoleAsync(id, roleId, cancellationToken);
        await audit.WriteAsync(AuditActs.RoleChanged, id.ToString());
        return this.Go($"/admin/people/{id}");
    }
}
