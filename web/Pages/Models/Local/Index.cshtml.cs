using Calango.Core;
using Calango.Core.Models;
using Calango.Sdk;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Models.Local;

/// <summary>The models that this machine has or could have, and what it runs them on.</summary>
public sealed class Index(LocalModelViews views, LocalModelInstaller installer, CoreOptions options) : PageModel
{
    /// <summary>The models.</summary>
    public IReadOnlyList<LocalModelView> Models { get; private set; } = [];

    /// <summary>What they run on; null: no plugin runs any.</summary>
    public LocalDevices? Devices => installer.Devices;

    /// <summary>Into which people drop files.</summary>
    public string ModelsFolder => options.ModelsFolder;

    /// <summary>Shows them.</summary>
    public async Task OnGetAsync(CancellationToken cancellationToken) => Models = await views.ListAsync(cancellationToken);
}
