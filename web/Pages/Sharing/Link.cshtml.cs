using Calango.Core.Audit;
using Calango.Core.Errors;
using Calango.Core.Sharing;
using Calango.Web.Htmx;
using Calango.Web.Identity;
using Calango.Web.Text;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Sharing;

/// <summary>One of the viewer's links.</summary>
public sealed class Link(Shares shares, Viewer viewer, RequestAudit audit) : PageModel
{
    /// <summary>The link as a text, to be copied.</summary>
    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken cancellationToken) =>
        (await shares.FindAsync(viewer.AccountId, id, cancellationToken)).Token is { } token ? Content(HttpContext.LinkTo($"/s/{token}")) : throw new NotFoundException();

    /// <summary>Revokes it.</summary>
    public async Task<IActionResult> OnDeleteAsync(Guid id, CancellationToken cancellationToken)
    {
        await shares.RevokeAsync(viewer.AccountId, id, cancellationToken);
        await audit.WriteAsync(AuditActs.ShareRevoked, id.ToString());
        return this.Go("/shares");
    }
}
