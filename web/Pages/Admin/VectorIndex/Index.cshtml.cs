using Calango.Core.Knowledge;
using Calango.Core.Models;
using Calango.Web.Htmx;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Admin.VectorIndex;

/// <summary>Where passages are found by their meaning, and the way to another index.</summary>
public sealed class Index(PassageIndexes indexes) : PageModel
{
    /// <summary>The places that answer or are being filled, the one that answers first.</summary>
    public IReadOnlyList<IndexCard> Places { get; private set; } = [];

    /// <summary>The forms of the plugins of which one could be chosen.</summary>
    public IReadOnlyList<IndexForm> Forms { get; private set; } = [];

    /// <summary>Those without a plugin that could be chosen.</summary>
    public IReadOnlyList<IndexKind> Offered { get; private set; } = [];

    /// <summary>Something changes by itself.</summary>
    public bool IsLive => Places.Any(card => card.Place.Role == IndexRole.Coming || card.Progress.Missing > 0);

    /// <summary>Shows them, or the places alone.</summary>
    public async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken)
    {
        await ShowAsync(null, cancellationToken);
        return Request.IsFor("index-places") ? Partial("_Places", this) : Page();
    }

    /// <summary>Chooses the index of a plugin, or only tries what was entered; or chooses the memory or the database.</summary>
    /// <param name="plugin">The plugin; null: none is meant.</param>
    /// <param name="kind">What is meant then.</param>
    /// <param name="fields">What was entered.</param>
    /// <param name="test">Whether it is only tried.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<IActionResult> OnPostAsync(string? plugin, IndexKind kind, IndexFields fields, bool test, CancellationToken cancellationToken)
    {
        if (plugin is null)
        {
            await (kind == IndexKind.Database ? indexes.ChooseDatabaseAsync(cancellationToken) : indexes.ChooseMemoryAsync(cancellationToken));
            return this.Go("/admin/index");
        }

        var form = new IndexForm(indexes.Find(plugin), fields, await indexes.LastPlaceAsync(plugin, cancellationToken));
        try
        {
            var failure = await (test ? indexes.TestAsync(plugin, fields.Values, cancellationToken) : indexes.ChooseAsync(plugin, fields.Values, cancellationToken));
            if (failure is null && !test)
            {
                return this.Go("/admin/index");
            }

            form = form with { Test = new IndexTest(failure) };
        }
        catch (InvalidInputException refused)
        {
            form = form with { Errors = refused.Fields };
        }

        if (Request.IsHtmx())
        {
            return Partial("_IndexForm", form);
        }

        await ShowAsync(form, cancellationToken);
        return Page();
    }

    private async Task ShowAsync(IndexForm? sent, CancellationToken cancellationToken)
    {
        Places = [.. (await indexes.PlacesAsync(cancellationToken)).Select(entry => new IndexCard(
            entry.Place, entry.Progress, indexes.Installed.FirstOrDefault(index => index.PluginId == entry.Place.PluginId)?.Name ?? entry.Place.PluginId))];
        IReadOnlyList<IndexKind> possible = await indexes.IsDatabasePossibleAsync(cancellationToken) ? [IndexKind.Memory, IndexKind.Database] : [IndexKind.Memory];
        Offered = [.. possible.Where(kind => !Places.Any(card => card.Place.Kind == kind))];
        var forms = new List<IndexForm>();
        foreach (var index in indexes.Installed)
        {
            forms.Add(sent?.Index.PluginId == index.PluginId ? sent : IndexForm.Of(index, await indexes.LastPlaceAsync(index.PluginId, cancellationToken)));
        }

        Forms = forms;
    }
}
