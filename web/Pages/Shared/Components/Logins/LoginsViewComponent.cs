using Calango.Core.Identity;
using Calango.Web.Text;
using Microsoft.AspNetCore.Mvc;

namespace Calango.Web.Pages.Shared.Components.Logins;

/// <summary>The providers' logins that open the viewer's account, and those that could.</summary>
public sealed class LoginsViewComponent(LinkedLogins logins, LoginProviders providers, Viewer viewer) : ViewComponent
{
    /// <summary>Collects them.</summary>
    public async Task<IViewComponentResult> InvokeAsync()
    {
        var linked = await logins.ListAsync(viewer.AccountId, HttpContext.RequestAborted);
        var offered = await providers.ListOnAsync(HttpContext.RequestAborted);
        return View(new LoginsView(linked, [.. offered.Where(provider => linked.TrueForAll(login => login.Provider.Id != provider.Id))]));
    }
}

/// <summary>What a person sees of it.</summary>
/// <param name="Linked">The logins that open their account.</param>
/// <param name="Offered">The providers of which none does.</param>
public sealed record LoginsView(IReadOnlyList<LinkedLogin> Linked, IReadOnlyList<LoginProvider> Offered);
