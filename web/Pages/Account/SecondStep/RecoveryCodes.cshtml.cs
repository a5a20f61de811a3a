using Calango.Core.Audit;
using Calango.Web.Identity;
using Microsoft.AspNetCore.Mvc;

namespace Calango.Web.Pages.Account.SecondStep;

/// <summary>What stands in for the viewer's device.</summary>
[ServerOnly]
public sealed class RecoveryCodes : SecondStepPage
{
    /// <summary>Makes new ones, and shows them once; those before open nothing any more.</summary>
    public Task<IActionResult> OnPostAsync(CancellationToken cancellationToken) => TryAsync(new PasswordRules(), async () =>
    {
        Codes = await Steps.RenewCodesAsync(Viewer.AccountId, Fields.Password!, cancellationToken);
        await Audit.WriteAsync(AuditActs.RecoveryCodesMade, Viewer.AccountId.ToString());
    });
}
