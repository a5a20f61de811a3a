using Calango.Core.Errors;
using Calango.Core.Plugins;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Admin.Plugins;

/// <summary>A question about one plugin, before something is done with it.</summary>
public abstract class PluginPage(PluginInstaller installer) : PageModel
{
    /// <summary>The plugin.</summary>
    public InstalledPluginInfo Plugin { get; private set; } = null!;

    /// <summary>Its name, or its id where its files cannot be read.</summary>
    public string Name => Plugin.Manifest?.Name ?? Plugin.Id;

    /// <summary>How many answers use it at this moment.</summary>
    public long Running => Plugin.Status?.Running ?? 0;

    /// <summary>Asks.</summary>
    public void OnGet(string id) => Plugin = installer.Plugins.FirstOrDefault(plugin => plugin.Id == id) ?? throw new NotFoundException();
}
