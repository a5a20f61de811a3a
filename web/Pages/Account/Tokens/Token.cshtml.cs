using Calango.Core.Audit;
using Calango.Core.Identity;
using Calango.Web.Htmx;
using Calango.Web.Identity;
using Calango.Web.Text;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Account.Tokens;

/// <summary>One of the viewer's tokens.</summary>
public sealed class Token(AccessTokens tokens, Viewer viewer, RequestAudit audit) : PageModel
{
    /// <summary>Takes it away.</summary>
    public async Task<IActionResult> OnDeleteAsync(Guid id, CancellationToken cancellationToken)
    {
        await tokens.RevokeAsync(viewer.AccountId, id, cancellationToken);
        await audit.WriteAsync(AuditActs.TokenRevoked, id.ToString());
        return this.Go("/account/tokens");
    }
}
