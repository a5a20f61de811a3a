using Calango.Core.Identity;
using Calango.Web.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.RateLimiting;

namespace Calango.Web.Pages.Account.Logins;

/// <summary>Sends somebody to a provider to log in. It is got, not posted: a form that leads to another site is stopped by our own policy.</summary>
[ServerOnly]
[EnableRateLimiting(SignInLimit.Logins)]
public sealed class Start(LoginFlow flow) : LoginPage
{
    /// <summary>Sends them there; whoever is in goes on.</summary>
    public async Task<IActionResult> OnGetAsync(Guid provider, string? returnUrl) => User.Identity?.IsAuthenticated == true
        ? LocalRedirect(LocalPath.Of(returnUrl))
        : await TryAsync(provider, async () => Redirect((await flow.BeginAsync(provider, LoginPurpose.SignIn, accountId: null, returnUrl)).AbsoluteUri));
}
