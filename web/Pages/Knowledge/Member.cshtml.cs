using Calango.Core.Audit;
using Calango.Core.Errors;
using Calango.Core.Knowledge;
using Calango.Web.Htmx;
using Calango.Web.Identity;
using Calango.Web.Text;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Knowledge;

/// <summary>That somebody may use a collection.</summary>
[ServerOnly]
public sealed class Member(Collections collections, Viewer viewer, RequestAudit audit) : PageModel
{
    /// <summary>They may no more.</summary>
    public async Task<IActionResult> OnDeleteAsync(Guid id, Guid memberId, CancellationToken cancellationToken)
    {
        await collections.FindAsync(viewer.AccountId, id, CollectionRight.Manage, cancellationToken);
        var member = (await collections.MembersAsync(viewer.AccountId, id, cancellationToken)).Find(named => named.Member.Id == memberId)?.Member ?? throw new NotFoundException();
        await collections.UnshareAsync(viewer.AccountId, id, memberId, cancellationToken);
        await audit.WriteAsync(AuditActs.CollectionUnshared, $"{id} {member.AccountId ?? member.GroupId}");
        // Whoever had managed it by that may see it no more.
        return this.Go(member.AccountId == viewer.AccountId ? "/knowledge" : $"/knowledge/{id}/members");
    }
}
