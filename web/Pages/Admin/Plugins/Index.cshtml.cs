using Calango.Core.Plugins;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Admin.Plugins;

/// <summary>The plugins of this server: what is installed and how it stands, what can be done with it, and what was done.</summary>
public sealed class Index(PluginInstaller installer, PluginCatalogs catalogs, SettingPlaces places) : PageModel
{
    private const int Recent = 20;

    /// <summary>All plugins.</summary>
    public IReadOnlyList<PluginCard> Plugins { get; private set; } = [];

    /// <summary>What was done last.</summary>
    public IReadOnlyList<PluginOperation> History { get; private set; } = [];

    /// <summary>Shows them.</summary>
    public async Task OnGetAsync(CancellationToken cancellationToken)
    {
        var plugins = installer.Plugins;
        var updates = catalogs.UpdatesOf(plugins);
        var cards = new List<PluginCard>();
        foreach (var plugin in plugins)
        {
            cards.Add(new PluginCard(plugin, updates.GetValueOrDefault(plugin.Id), await places.OfAsync(plugin.Id, cancellationToken)));
        }

        Plugins = cards;
        History = [.. installer.History.Take(Recent)];
    }
}
