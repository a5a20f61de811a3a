using Calango.Core.Errors;
using Calango.Core.Plugins;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Admin.Plugins.Catalogs;

/// <summary>A plugin that a catalog offers: its versions, what is new in each, and what each says that it asks for.</summary>
public sealed class Offer(PluginCatalogs catalogs, PluginInstaller installer, PluginTrust trust) : PageModel
{
    /// <summary>The plugin.</summary>
    public OfferItem Item { get; private set; } = null!;

    /// <summary>The contract that this server has.</summary>
    public string Contract => CatalogVersion.ContractHere;

    /// <summary>Shows it.</summary>
    public void OnGet(Guid id, string plugin)
    {
        var catalog = catalogs.Find(id) ?? throw new NotFoundException();
        var offered = catalog.Index.Plugins.FirstOrDefault(one => one.Id == plugin) ?? throw new NotFoundException();
        Item = new OfferItem(catalog, offered, installer.Plugins.FirstOrDefault(one => one.Id == plugin)?.Manifest?.Version);
    }

    /// <summary>How far a version would be trusted if it is what the catalog says.</summary>
    public PluginTrustLevel LevelOf(CatalogVersion version) => version.Key is null ? PluginTrustLevel.Unsigned
        : trust.Publishers.Any(publisher => publisher.Key == version.Key && publisher.Name == Item.Plugin.Publisher) ? PluginTrustLevel.Trusted
        : PluginTrustLevel.SignedByStranger;

    /// <summary>Whether a version is newer than what is installed.</summary>
    public bool IsNews(CatalogVersion version) => Item.Installed is not { } installed || version.IsNewerThan(installed);
}
