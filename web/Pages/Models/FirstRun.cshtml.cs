using Calango.Sdk;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Models;

/// <summary>The three ways to a first model: one that runs here already, a small one to download, or an address.</summary>
public sealed class FirstRun(LocalModelViews local) : PageModel
{
    /// <summary>The small model; null: this server runs none.</summary>
    public LocalModelView? BuiltIn { get; private set; }

    /// <summary>It is coming.</summary>
    public bool IsInstalling => BuiltIn is { IsRunning: true };

    /// <summary>Shows them.</summary>
    public async Task OnGetAsync(CancellationToken cancellationToken)
    {
        var answering = (await local.ListAsync(cancellationToken)).FirstOrDefault(view => view.Model.Purpose == LocalModelPurpose.Chat);
        BuiltIn = answering is null ? null : answering with { IsFirstRun = true };
    }
}
