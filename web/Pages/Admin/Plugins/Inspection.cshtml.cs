using Calango.Core.Errors;
using Calango.Core.Plugins;
using Calango.Web.Hosting;
using Calango.Web.Text;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Admin.Plugins;

/// <summary>A package that was handed in: who published it and what it asks for, before any of its code has run.</summary>
[RequestSizeLimit(LargestBody)]
[RequestFormLimits(MultipartBodyLengthLimit = LargestBody)]
public sealed class Inspection(PluginInstaller installer, SettingPlaces places, PageText text) : PageModel
{
    // And the form around it.
    private const long LargestBody = PluginInstaller.LargestPackage + (1 << 20);

    /// <summary>What was found out; null: it was refused.</summary>
    public PackageInspection? Package { get; private set; }

    /// <summary>Where something is stored that will not fit it, and for which settings.</summary>
    public IReadOnlyList<(string Place, IReadOnlyList<string> Settings)> Misfits { get; private set; } = [];

    /// <summary>Why it was refused.</summary>
    public string? Refusal { get; private set; }

    /// <summary>The address that was entered; null: it was handed in another way.</summary>
    public string? Address { get; private set; }

    /// <summary>The catalog that it is from; null: none.</summary>
    public Guid? Catalog { get; private set; }

    /// <summary>The page of the catalog's plugin; null: it isn't from one.</summary>
    public string? Offer { get; private set; }

    /// <summary>Looks once more at one that was looked at.</summary>
    public Task OnGetAsync(string? digest, Guid? catalog)
    {
        Catalog = catalog;
        return LookAsync(() => Task.FromResult(installer.InspectAgain(digest ?? "")));
    }

    /// <summary>Looks at one, and asks for consent.</summary>
    /// <param name="package">Handed in.</param>
    /// <param name="address">Where it is to be fetched from.</param>
    /// <param name="catalog">The catalog that it is to be fetched from, with <paramref name="plugin"/> and <paramref name="version"/>.</param>
    /// <param name="plugin">The plugin.</param>
    /// <param name="version">Its version.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task OnPostAsync(IFormFile? package, string? address, Guid? catalog, string? plugin, string? version, CancellationToken cancellationToken)
    {
        if (catalog is { } id)
        {
            (Catalog, Offer) = (id, $"/admin/plugins/catalogs/{id}/{Uri.EscapeDataString(plugin ?? "")}");
            await LookAsync(() => installer.InspectOfCatalogAsync(id, plugin ?? "", version ?? "", cancellationToken));
            return;
        }

        Address = address;
        await using var content = package?.OpenReadStream() ?? Stream.Null;
        await LookAsync(() => address is null ? installer.InspectAsync(content, cancellationToken) : installer.InspectAddressAsync(address, cancellationToken));
    }

    private async Task LookAsync(Func<Task<PackageInspection>> look)
    {
        try
        {
            Package = await look();
            Misfits = [.. (await places.OfAsync(Package.Manifest.Id, HttpContext.RequestAborted))
                .Select(place => (place.Name, (IReadOnlyList<string>)[.. place.MisfitsOf(Package.Settings)])).Where(misfit => misfit.Item2.Count > 0)];
        }
        catch (RejectedException rejected)
        {
            Refusal = text.Error(Fault.Of(rejected));
            Response.StatusCode = StatusCodes.Status400BadRequest;
        }
    }
}
