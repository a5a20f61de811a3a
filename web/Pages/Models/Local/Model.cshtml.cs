using Calango.Core.Models;
using Calango.Web.Htmx;
using Microsoft.AspNetCore.Mvc;

namespace Calango.Web.Pages.Models.Local;

/// <summary>One local model.</summary>
public sealed class LocalModelState(LocalModelViews views, LocalModelInstaller installer) : LocalModelPage(views)
{
    /// <summary>Shows how it stands. Where it was waited for, the person goes on to a chat.</summary>
    public async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken)
    {
        if (!Request.IsHtmx())
        {
            return Redirect(BackUrl);
        }

        var view = await FindAsync(cancellationToken);
        return Partial("_LocalModel", view with { StartsChat = view is { IsFirstRun: true, IsHere: true } });
    }

    /// <summary>Deletes its files.</summary>
    public async Task<IActionResult> OnDeleteAsync(CancellationToken cancellationToken)
    {
        await installer.RemoveAsync(ModelId, cancellationToken);
        return this.Go(BackUrl);
    }
}
