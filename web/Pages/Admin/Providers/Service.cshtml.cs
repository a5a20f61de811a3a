using Calango.Core.Identity;
using Calango.Web.Htmx;
using Calango.Web.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Admin.Providers;

/// <summary>That people may come with a provider.</summary>
[ServerOnly]
public sealed class Service(LoginProviders providers) : PageModel
{
    /// <summary>They may from now on.</summary>
    public Task<IActionResult> OnPostAsync(Guid id, CancellationToken cancellationToken) => SwitchAsync(id, isOn: true, cancellationToken);

    /// <summary>They may not any more, nor whoever is on the way.</summary>
    public Task<IActionResult> OnDeleteAsync(Guid id, CancellationToken cancellationToken) => SwitchAsync(id, isOn: false, cancellationToken);

    private async Task<IActionResult> SwitchAsync(Guid id, bool isOn, CancellationToken cancellationToken)
    {
        await providers.SwitchAsync(id, isOn, cancellationToken);
        return this.Go("/admin/providers");
    }
}
