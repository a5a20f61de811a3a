using Calango.Core.Errors;
using Calango.Core.Models;
using Calango.Web.Htmx;
using Microsoft.AspNetCore.Mvc;

namespace Calango.Web.Pages.Models.Local;

/// <summary>The installation of a local model. It goes on when the page is left.</summary>
public sealed class Installation(LocalModelViews views, LocalModelInstaller installer) : LocalModelPage(views)
{
    /// <summary>Starts it, or goes on with it.</summary>
    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        await FindAsync(cancellationToken);
        try
        {
            installer.Start(ModelId);
        }
        catch (LocalInstallBusyException)
        {
            throw new RejectedException("local.busy");
        }

        Response.Trigger("installation-changed");
        return await ShowAsync(cancellationToken);
    }

    /// <summary>Pauses it.</summary>
    public async Task<IActionResult> OnDeleteAsync(CancellationToken cancellationToken)
    {
        await installer.PauseAsync();
        Response.Trigger("installation-changed");
        return await ShowAsync(cancellationToken);
    }
}
