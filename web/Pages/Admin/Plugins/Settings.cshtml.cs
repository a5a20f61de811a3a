using Calango.Core.Errors;
using Calango.Core.Plugins;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Admin.Plugins;

/// <summary>Where the settings of a plugin are. Where they are in one place, that place.</summary>
public sealed class Settings(PluginInstaller installer, SettingPlaces places) : PageModel
{
    /// <summary>The plugin's name.</summary>
    public string Name { get; private set; } = "";

    /// <summary>The places.</summary>
    public IReadOnlyList<SettingPlace> Places { get; private set; } = [];

    /// <summary>Shows them.</summary>
    public async Task<IActionResult> OnGetAsync(string id, CancellationToken cancellationToken)
    {
        var plugin = installer.Plugins.FirstOrDefault(plugin => plugin.Id == id) ?? throw new NotFoundException();
        (Name, Places) = (plugin.Manifest?.Name ?? plugin.Id, await places.OfAsync(id, cancellationToken));
        return Places is [var only] ? Redirect(only.Url) : Page();
    }
}
