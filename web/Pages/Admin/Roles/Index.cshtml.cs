using Calango.Core.Audit;
using Calango.Core.Errors;
using Calango.Core.Identity;
using Calango.Web.Hosting;
using Calango.Web.Identity;
using Calango.Web.Text;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Admin.Roles;

/// <summary>All roles. There are few enough for one list.</summary>
[ServerOnly]
public sealed class Index(Core.Identity.Roles roles, PageText text, RequestAudit audit) : PageModel
{
    /// <summary>The roles.</summary>
    public IReadOnlyList<RoleSize> Roles { get; private set; } = [];

    /// <summary>The form of a new one.</summary>
    public RoleForm Form { get; private set; } = new(new RoleFields(null, [Grants.Chat]), Stored: null);

    /// <summary>Shows them.</summary>
    public async Task OnGetAsync(CancellationToken cancellationToken) => Roles = await roles.ListAsync(cancellationToken);

    /// <summary>Makes one.</summary>
    public async Task<IActionResult> OnPostAsync(RoleFields fields, CancellationToken cancellationToken)
    {
        Form = new RoleForm(fields, Stored: null) { Errors = new RoleRules(stored: null).Validate(fields).ByField() };
        if (Form.Errors.Count == 0)
        {
            try
            {
                var id = await roles.AddAsync(fields.Name!.Trim(), fields.Permitted, cancellationToken);
                await audit.WriteAsync(AuditActs.RoleMade, $"{fields.Name.Trim()}: {fields.Permitted}");
                return LocalRedirect($"/admin/roles/{id}");
            }
            catch (RejectedException rejected)
            {
                Form = Form with { Refusal = text.Error(Fault.Of(rejected)) };
            }
        }

        Response.StatusCode = StatusCodes.Status400BadRequest;
        Roles = await roles.ListAsync(cancellationToken);
        return Page();
    }
}
