using Calango.Core.Errors;
using Calango.Core.Files;
using Calango.Core.Models;
using Calango.Web.Hosting;
using Calango.Web.Htmx;
using Calango.Web.Text;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Admin.Storage;

/// <summary>Where files are kept, and the way to another place.</summary>
public sealed class Index(Core.Files.Storage storage, PageText text) : PageModel
{
    /// <summary>The places that have something, the one that counts first.</summary>
    public IReadOnlyList<PlaceCard> Places { get; private set; } = [];

    /// <summary>The forms of the stores to which they could be moved.</summary>
    public IReadOnlyList<StorageForm> Forms { get; private set; } = [];

    /// <summary>The last move; null: there was none.</summary>
    public BlobMove? Move { get; private set; }

    /// <summary>Shows them.</summary>
    public Task OnGetAsync(CancellationToken cancellationToken) => ShowAsync(null, cancellationToken);

    /// <summary>Begins to move all files, or only tries what was entered.</summary>
    /// <param name="store">The store's plugin.</param>
    /// <param name="fields">What was entered.</param>
    /// <param name="test">Whether it is only tried.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<IActionResult> OnPostAsync(string store, StorageFields fields, bool test, CancellationToken cancellationToken)
    {
        var form = StorageForm.Sent(storage.Find(store), fields, await storage.LastPlaceAsync(store, cancellationToken));
        try
        {
            var failure = await (test ? storage.TestAsync(store, fields.Values, cancellationToken) : storage.MoveAsync(store, fields.Values, cancellationToken));
            if (failure is null && !test)
            {
                return this.Go("/admin/storage");
            }

            form = form with { Test = new StorageTest(failure) };
        }
        catch (InvalidInputException refused)
        {
            form = form with { Errors = refused.Fields };
        }
        catch (RejectedException rejected)
        {
            form = form with { Refusal = text.Error(Fault.Of(rejected)) };
        }

        if (Request.IsHtmx())
        {
            return Partial("_StorageForm", form);
        }

        await ShowAsync(form, cancellationToken);
        return Page();
    }

    private async Task ShowAsync(StorageForm? sent, CancellationToken cancellationToken)
    {
        var places = await storage.PlacesAsync(cancellationToken);
        Move = await storage.LastMoveAsync(cancellationToken);
        Places = [.. places.Select(place => new PlaceCard(place, storage.Stores.FirstOrDefault(store => store.PluginId == place.PluginId)?.Name ?? place.PluginId, Move is { IsRunning: true }))];
        var active = places.First(place => place.Role == BlobPlaceRole.Active);
        var forms = new List<StorageForm>();
        foreach (var store in storage.Stores.Where(store => store.Settings.Count > 0 || store.PluginId != active.PluginId))
        {
            forms.Add(sent?.Store.PluginId == store.PluginId ? sent : StorageForm.Of(store, await storage.LastPlaceAsync(store.PluginId, cancellationToken)));
        }

        Forms = forms;
    }
}
