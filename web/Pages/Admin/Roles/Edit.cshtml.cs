using Calango.Core.Audit;
using Calango.Core.Errors;
using Calango.Core.Identity;
using Calango.Web.Hosting;
using Calango.Web.Htmx;
using Calango.Web.Identity;
using Calango.Web.Text;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Admin.Roles;

/// <summary>One role, and what it permits.</summary>
[ServerOnly]
public sealed class Edit(Core.Identity.Roles roles, PageText text, RequestAudit audit) : PageModel
{
    /// <summary>The role, and how many have it.</summary>
    public RoleSize Shown { get; private set; } = null!;

    /// <summary>Its form.</summary>
    public RoleForm Form { get; private set; } = null!;

    /// <summary>Shows it.</summary>
    public async Task OnGetAsync(Guid id, CancellationToken cancellationToken)
    {
        Shown = await roles.FindAsync(id, cancellationToken);
        Form = new RoleForm(RoleFields.Of(Shown.Role), Shown.Role);
    }

    /// <summary>Changes it.</summary>
    public async Task<IActionResult> OnPutAsync(Guid id, RoleFields fields, CancellationToken cancellationToken)
    {
        Shown = await roles.FindAsync(id, cancellationToken);
        Form = new RoleForm(fields, Shown.Role) { Errors = new RoleRules(Shown.Role).Validate(fields).ByField() };
        if (Form.Errors.Count == 0)
        {
            try
            {
                var name = Shown.Role.ComesAlong ? null : fields.Name!.Trim();
                await roles.ChangeAsync(id, name, fields.Permitted, cancellationToken);
                await audit.WriteAsync(AuditActs.RoleEdited, $"{id} {name ?? Shown.Role.Name}: {fields.Permitted}");
                return this.Go("/admin/roles");
            }
            catch (RejectedException rejected)
            {
                Form = Form with { Refusal = text.Error(Fault.Of(rejected)) };
            }
        }

        Response.StatusCode = StatusCodes.Status400BadRequest;
        return Page();
    }

    /// <summary>Removes it.</summary>
    public async Task<IActionResult> OnDeleteAsync(Guid id, CancellationToken cancellationToken)
    {
        var name = (await roles.FindAsync(id, cancellationToken)).Role.Name;
        await roles.RemoveAsync(id, cancellationToken);
        await audit.WriteAsync(AuditActs.RoleRemoved, name);
        return this.Go("/admin/roles");
    }
}
