using Calango.Core.Identity;
using Calango.Web.Htmx;
using Calango.Web.Identity;
using Calango.Web.Pages.Account.Logins;
using Calango.Web.Text;
using Microsoft.AspNetCore.Mvc;

namespace Calango.Web.Pages.Admin.Providers;

/// <summary>A login that an administrator tries: they are shown what would come of it, and nothing does.</summary>
[ServerOnly]
public sealed class Trial(LoginFlow flow, LoginProviders providers, Viewer viewer) : LoginPage
{
    /// <summary>Where it goes on; null: nowhere.</summary>
    public Onward? Onward { get; private set; }

    /// <summary>Begins it.</summary>
    public async Task<IActionResult> OnPostAsync(Guid id, CancellationToken cancellationToken)
    {
        var provider = await providers.FindAsync(id, cancellationToken);
        return await TryAsync(id, async () =>
        {
            var address = await flow.BeginAsync(id, LoginPurpose.Try, viewer.AccountId, "/admin/providers");
            Onward = new Onward(address, provider.Name);
            return this.Leave(address);
        });
    }
}
