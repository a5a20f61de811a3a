using Calango.Core.Audit;
using Calango.Core.Identity;
using Calango.Web.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Account.Logins;

/// <summary>A page on the way to a provider of logins or back, which says so where the way ends.</summary>
public abstract class LoginPage : PageModel
{
    /// <summary>Why it ends; null: it doesn't.</summary>
    public LoginRefusal? Refusal { get; private set; }

    /// <summary>The provider; null: there is none.</summary>
    public LoginProvider? Provider { get; private set; }

    private protected RequestAudit Audit => HttpContext.RequestServices.GetRequiredService<RequestAudit>();

    /// <summary>Does something that can be refused.</summary>
    protected async Task<IActionResult> TryAsync(Guid providerId, Func<Task<IActionResult>> act)
    {
        try
        {
            return await act();
        }
        catch (LoginRefusedException refused)
        {
            (Refusal, Provider) = (refused.Reason, await HttpContext.RequestServices.GetRequiredService<LoginProviders>().FindOrNoneAsync(providerId, HttpContext.RequestAborted));
            await Audit.WriteAsync(AuditActs.LoginRefused, $"{Provider?.Name ?? providerId.ToString()}: {refused.Reason}");
            Response.StatusCode = LoginSentences.StatusOf(refused.Reason);
            return Page();
        }
    }
}
