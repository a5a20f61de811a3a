using Calango.Core.Models;
using Calango.Web.Htmx;
using Microsoft.AspNetCore.Mvc;

namespace Calango.Web.Pages.Models.Local;

/// <summary>One local model.</summary>
public sealed class LocalModelState(LocalModelViews views, LocalModelInstaller installer) : LocalModelPage(views)
{
    /// <summary>Shows how it stands.</summary>
    public Task<IActionResult> OnGetAsync(CancellationToken cancellationToken) => ShowAsync(cancellationToken);

    /// <summary>Deletes its files.</summary>
    public async Task<IActionResult> OnDeleteAsync(CancellationToken cancellationToken)
    {
        await installer.RemoveAsync(ModelId, cancellationToken);
        return this.Go(BackUrl);
    }
}
