using Calango.Core.Identity;
using Calango.Web.Htmx;
using Calango.Web.Identity;
using Calango.Web.Text;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.RateLimiting;

namespace Calango.Web.Pages.Account.Logins;

/// <summary>
/// The providers' logins that open the viewer's account. One is added from here alone, by a form of ours: who could send a browser
/// on this way with a link could have it take a login of theirs.
/// </summary>
[ServerOnly]
[EnableRateLimiting(SignInLimit.Logins)]
public sealed class Index(LoginFlow flow, LoginProviders providers, Viewer viewer) : LoginPage
{
    /// <summary>Where it goes on; null: nowhere.</summary>
    public Onward? Onward { get; private set; }

    /// <summary>Begins to add one.</summary>
    public Task<IActionResult> OnPostAsync(Guid provider, CancellationToken cancellationToken) => TryAsync(provider, async () =>
    {
        var address = await flow.BeginAsync(provider, LoginPurpose.Link, viewer.AccountId, "/account");
        Onward = new Onward(address, (await providers.FindAsync(provider, cancellationToken)).Name);
        return this.Leave(address);
    });
}
