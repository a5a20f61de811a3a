using Calango.Core.Identity;
using Calango.Web.Identity;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Admin.Providers;

/// <summary>The question before a provider of logins is removed.</summary>
[ServerOnly]
public sealed class Deletion(LoginProviders providers, LinkedLogins logins) : PageModel
{
    /// <summary>The provider.</summary>
    public LoginProvider Provider { get; private set; } = null!;

    /// <summary>How many logins go with it.</summary>
    public int Count { get; private set; }

    /// <summary>Asks.</summary>
    public async Task OnGetAsync(Guid id, CancellationToken cancellationToken) =>
        (Provider, Count) = (await providers.FindAsync(id, cancellationToken), await logins.CountAsync(id, cancellationToken));
}
