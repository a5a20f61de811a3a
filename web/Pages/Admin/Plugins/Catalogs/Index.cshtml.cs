using Calango.Core.Errors;
using Calango.Core.Plugins;
using Calango.Web.Hosting;
using Calango.Web.Htmx;
using Calango.Web.Text;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Admin.Plugins.Catalogs;

/// <summary>The catalogs of plugins: what they offer, and where they are.</summary>
public sealed class Index(PluginCatalogs catalogs, PluginInstaller installer, PageText text) : PageModel
{
    // More than anybody reads; whoever looks for one searches.
    private const int MostShown = 100;

    /// <summary>The catalogs.</summary>
    public IReadOnlyList<PluginCatalog> Catalogs { get; private set; } = [];

    /// <summary>What was searched for.</summary>
    [BindProperty(SupportsGet = true, Name = "q")]
    public string? Query { get; set; }

    /// <summary>What they offer.</summary>
    public OfferList Offers { get; private set; } = new([], false);

    /// <summary>The form to add one.</summary>
    public CatalogForm Form { get; private set; } = new(null, null);

    /// <summary>Shows them.</summary>
    public void OnGet()
    {
        Catalogs = catalogs.All;
        var installed = installer.Plugins.ToDictionary(plugin => plugin.Id);
        var found = Catalogs.SelectMany(catalog => catalog.Index.Plugins.Select(plugin => new OfferItem(catalog, plugin, installed.GetValueOrDefault(plugin.Id)?.Manifest?.Version)))
            .Where(offer => offer.Fits(Query)).OrderBy(offer => offer.Plugin.Name, StringComparer.Create(text.Culture, ignoreCase: true)).Take(MostShown + 1).ToList();
        Offers = new OfferList([.. found.Take(MostShown)], found.Count > MostShown);
    }

    /// <summary>Adds one.</summary>
    public async Task<IActionResult> OnPostAsync(string? place, CancellationToken cancellationToken)
    {
        try
        {
            await catalogs.AddAsync(place ?? "", cancellationToken);
        }
        catch (RejectedException rejected)
        {
            OnGet();
            Form = new CatalogForm(place, text.Error(Fault.Of(rejected)));
            Response.StatusCode = StatusCodes.Status400BadRequest;
            return Page();
        }

        return this.Go("/admin/plugins/catalogs");
    }
}

/// <summary>The form to add a catalog.</summary>
/// <param name="Place">What was entered.</param>
/// <param name="Refusal">Why it was refused; null: it wasn't.</param>
public sealed record CatalogForm(string? Place, string? Refusal);

/// <summary>What catalogs offer.</summary>
/// <param name="Items">By name.</param>
/// <param name="HasMore">Whether there are more than are shown.</param>
public sealed record OfferList(IReadOnlyList<OfferItem> Items, bool HasMore);

/// <summary>A plugin that a catalog offers.</summary>
/// <param name="Catalog">The catalog.</param>
/// <param name="Plugin">The plugin.</param>
/// <param name="Installed">The version that is installed; null: none.</param>
public sealed record OfferItem(PluginCatalog Catalog, CatalogPlugin Plugin, string? Installed)
{
    /// <summary>The newest version that could run here; null: none could.</summary>
    public CatalogVersion? Newest => Plugin.Versions.FirstOrDefault(version => version.FitsHere && !Catalog.HasTakenBack(version));

    /// <summary>Whether it is looked for.</summary>
    public bool Fits(string? query) => string.IsNullOrWhiteSpace(query)
        || new[] { Plugin.Id, Plugin.Name, Plugin.Publisher }.Any(text => text.Contains(query.Trim(), StringComparison.CurrentCultureIgnoreCase));
}
