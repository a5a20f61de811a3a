using Calango.Core.Plugins;
using Calango.Web.Htmx;
using Calango.Web.Text;
using Microsoft.AspNetCore.Mvc;

namespace Calango.Web.Pages.Admin.Plugins;

/// <summary>The question before a plugin is removed, and the removal.</summary>
public sealed class Removal(PluginInstaller installer, Viewer viewer) : PluginPage(installer)
{
    private readonly PluginInstaller installer = installer;

    /// <summary>Removes it.</summary>
    /// <param name="id">The plugin.</param>
    /// <param name="withData">Whether what it has stored goes too.</param>
    /// <param name="now">Whether answers that use it are stopped.</param>
    public IActionResult OnPost(string id, bool withData, bool now) =>
        this.Go($"/admin/plugins/operations/{installer.Remove(id, withData, now, viewer.AccountId).Id}");
}
