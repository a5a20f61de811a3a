using Calango.Core.Quotas;
using Calango.Web.Identity;
using Calango.Web.Text;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Account;

/// <summary>What the viewer may still use, and when it begins anew.</summary>
[ServerOnly]
public sealed class QuotasPage(QuotaRules quotas, Viewer viewer) : PageModel
{
    /// <summary>The quotas that hold for them.</summary>
    public IReadOnlyList<QuotaStanding> Standings { get; private set; } = [];

    /// <summary>Shows them.</summary>
    public async Task OnGetAsync(CancellationToken cancellationToken) => Standings = await quotas.OfAsync(viewer.AccountId, cancellationToken);
}
