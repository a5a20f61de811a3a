using Calango.Core.Models;
using Calango.Web.Pages.Models;
using Microsoft.AspNetCore.Mvc;

namespace Calango.Web.Pages.Shared.Components.Installation;

/// <summary>The installation of a local model, in the corner of every page.</summary>
public sealed class InstallationViewComponent(LocalModelViews views, LocalModelInstaller installer) : ViewComponent
{
    /// <summary>Asks the disk only while something is being installed.</summary>
    public async Task<IViewComponentResult> InvokeAsync() => View(
        installer.Current is { State: LocalInstallState.Downloading or LocalInstallState.Verifying } ? await views.InstallingAsync(HttpContext.RequestAborted) : null);
}
