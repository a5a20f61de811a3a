using Calango.Core.Audit;
using Calango.Core.Templates;
using Calango.Web.Htmx;
using Calango.Web.Identity;
using Calango.Web.Text;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Templates;

/// <summary>That somebody may use a template.</summary>
[ServerOnly]
public sealed class Member(TemplateSharing sharing, Viewer viewer, RequestAudit audit) : PageModel
{
    /// <summary>They may no more.</summary>
    public async Task<IActionResult> OnDeleteAsync(Guid id, Guid memberId, CancellationToken cancellationToken)
    {
        var member = await sharing.UnshareAsync(viewer.AccountId, id, memberId, cancellationToken);
        await audit.WriteAsync(AuditActs.TemplateUnshared, $"{id} {member.AccountId ?? member.GroupId}");
        // Whoever had managed it by that may see it no more.
        return this.Go(member.AccountId == viewer.AccountId ? "/templates" : $"/templates/{id}/members");
    }
}
