using Calango.Core.Audit;
using Calango.Core.Identity;
using Calango.Web.Htmx;
using Calango.Web.Identity;
using Calango.Web.Text;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Account.Logins;

/// <summary>A provider's login that opens the viewer's account.</summary>
[ServerOnly]
public sealed class Login(LinkedLogins logins, Viewer viewer, RequestAudit audit) : PageModel
{
    /// <summary>Takes it away. The other sessions end.</summary>
    public async Task<IActionResult> OnDeleteAsync(Guid id, CancellationToken cancellationToken)
    {
        await logins.RemoveAsync(viewer.AccountId, id, viewer.SessionId!.Value, cancellationToken);
        await audit.WriteAsync(AuditActs.LoginRemoved, viewer.AccountId.ToString());
        return this.Go("/account");
    }
}
