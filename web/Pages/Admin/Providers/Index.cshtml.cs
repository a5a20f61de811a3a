using Calango.Core.Identity;
using Calango.Web.Identity;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Admin.Providers;

/// <summary>With whose logins people may come.</summary>
[ServerOnly]
public sealed class Index(LoginProviders providers) : PageModel
{
    /// <summary>All, the oldest first.</summary>
    public IReadOnlyList<LoginProvider> Providers { get; private set; } = [];

    /// <summary>Shows them.</summary>
    public async Task OnGetAsync(CancellationToken cancellationToken) => Providers = await providers.ListAsync(cancellationToken);
}
