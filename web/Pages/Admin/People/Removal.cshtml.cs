using Calango.Core.Audit;
using Calango.Core.PersonalData;
using Calango.Web.Htmx;
using Calango.Web.Identity;
using Calango.Web.Text;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Admin.People;

/// <summary>That somebody's account is removed.</summary>
[ServerOnly]
public sealed class Removal(AccountRemoval removal, Core.Identity.People people, Viewer viewer, PageText text, RequestAudit audit) : PageModel
{
    /// <summary>Has it removed, with all that is theirs.</summary>
    public async Task<IActionResult> OnPostAsync(Guid id, CancellationToken cancellationToken)
    {
        await removal.AskForAsync(id, email => RemovalLetter.To(email, HttpContext, removal.IfAskedNow, viewer, text), cancellationToken);
        await audit.WriteAsync(AuditActs.RemovalAsked, id.ToString());
        return this.Go($"/admin/people/{id}");
    }

    /// <summary>Keeps it.</summary>
    public async Task<IActionResult> OnDeleteAsync(Guid id, CancellationToken cancellationToken)
    {
        await people.KeepAsync(id, cancellationToken);
        await audit.WriteAsync(AuditActs.AccountKept, id.ToString());
        return this.Go($"/admin/people/{id}");
    }
}
