using Calango.Core.Audit;
using Calango.Core.Errors;
using Calango.Core.Identity;
using Calango.Web.Hosting;
using Calango.Web.Identity;
using Calango.Web.Text;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.RateLimiting;

namespace Calango.Web.Pages.Account;

/// <summary>Gives an account the address whose mail had the link. Opening it alone changes nothing, for mail servers open links, too.</summary>
[ServerOnly]
[EnableRateLimiting(SignInLimit.Policy)]
public sealed class EmailLink(EmailChange change, Viewer viewer, PageText text, RequestAudit audit) : PageModel
{
    /// <summary>What the link holds.</summary>
    [BindProperty(SupportsGet = true)]
    public string? Token { get; set; }

    /// <summary>The new address; null: the link can be used no more.</summary>
    public string? Address { get; private set; }

    /// <summary>Whether it counts now.</summary>
    public bool IsDone { get; private set; }

    /// <summary>Why it does not; null: it does, or nobody tried.</summary>
    public string? Refusal { get; private set; }

    /// <summary>Asks whether it shall count.</summary>
    public async Task OnGetAsync(CancellationToken cancellationToken)
    {
        Address = await change.FindAsync(Token, cancellationToken);
        if (Address is null)
        {
            Response.StatusCode = StatusCodes.Status400BadRequest;
        }
    }

    /// <summary>Has it count from now on. All other sessions end.</summary>
    public async Task OnPostAsync(CancellationToken cancellationToken)
    {
        Address = await change.FindAsync(Token, cancellationToken);
        try
        {
            var session = User.Identity?.IsAuthenticated == true ? viewer.SessionId : null;
            var accountId = await change.RunAsync(Token, session, cancellationToken);
            await audit.WriteAsync(AuditActs.EmailChanged, accountId.ToString(), accountId);
            IsDone = true;
        }
        catch (RejectedException rejected)
        {
            Response.StatusCode = StatusCodes.Status400BadRequest;
            Refusal = text.Error(Fault.Of(rejected));
        }
    }
}
