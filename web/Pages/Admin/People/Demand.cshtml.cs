using Calango.Core.Audit;
using Calango.Core.Identity;
using Calango.Web.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Admin.People;

/// <summary>Who must have a second step.</summary>
[ServerOnly]
public sealed class Demand(SecondSteps steps, RequestAudit audit) : PageModel
{
    /// <summary>Who.</summary>
    [BindProperty]
    public SecondStepDemand Who { get; set; }

    /// <summary>Whether it was stored just now.</summary>
    [FromQuery(Name = "saved")]
    public bool IsSaved { get; set; }

    /// <summary>Shows it.</summary>
    public async Task OnGetAsync(CancellationToken cancellationToken) => Who = await steps.DemandAsync(cancellationToken);

    /// <summary>Stores it.</summary>
    public async Task<IActionResult> OnPutAsync(CancellationToken cancellationToken)
    {
        if (!ModelState.IsValid || !Enum.IsDefined(Who))
        {
            return BadRequest();
        }

        await steps.SetDemandAsync(Who, cancellationToken);
        await audit.WriteAsync(AuditActs.SecondStepDemanded, Who.ToString());
        return LocalRedirect("/admin/people/second-step?saved=true");
    }
}
