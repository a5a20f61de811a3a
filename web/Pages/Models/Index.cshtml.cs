using Calango.Core.Models;
using Calango.Sdk;
using Calango.Web.Text;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Models;

/// <summary>The connections with their models and prices, the models asked in case of need, and those that do small tasks.</summary>
public sealed class Index(Viewer viewer, ModelCatalog catalog, ModelPrices prices, FallbackChoices fallbacks, TaskSections tasks, TimeProvider clock) : PageModel
{
    /// <summary>The connections.</summary>
    public IReadOnlyList<ConnectionCard> Connections { get; private set; } = [];

    /// <summary>What goes on at them.</summary>
    public TrafficView Traffic { get; private set; } = null!;

    /// <summary>The models that are asked where the one that was wanted cannot answer.</summary>
    public FallbackChoice Fallbacks { get; private set; } = null!;

    /// <summary>Who does what a chat needs beside its answers.</summary>
    public IReadOnlyList<TaskSection> Tasks { get; private set; } = [];

    /// <summary>A part of the names of the models to show; null: all.</summary>
    [BindProperty(SupportsGet = true, Name = "q")]
    public string? Query { get; set; }

    /// <summary>Shows them; where there are none, the way to the first.</summary>
    public async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken)
    {
        var connections = await catalog.ConnectionsAsync(cancellationToken);
        if (connections.Count == 0)
        {
            return Redirect("/models/first-run");
        }

        var models = viewer.IsAdmin ? await catalog.ListAsync(cancellationToken) : await catalog.ListAsync(viewer.AccountId, cancellationToken);
        if (!viewer.IsAdmin)
        {
            // Nor is it told that there is more.
            var counts = models.CountBy(model => model.Ref.ConnectionId).ToDictionary();
            connections = [.. connections.Where(state => state.ModelCount == 0 || counts.ContainsKey(state.ConnectionId)).Select(state => state with { ModelCount = counts.GetValueOrDefault(state.ConnectionId) })];
        }

        var own = (await prices.ListAsync(cancellationToken)).ToDictionary(entry => new ModelRef(entry.ConnectionId, entry.ModelId));
        var rows = models.Where(IsWanted).Select(model => new ModelRow(model, own.GetValueOrDefault(model.Ref))).ToLookup(row => row.Model.Ref.ConnectionId);
        Traffic = new TrafficView(await catalog.TrafficAsync(cancellationToken), clock.GetUtcNow());
        Connections = [.. connections.Select(connection => new ConnectionCard(connection, [.. rows[connection.ConnectionId]], Traffic.LineOf(connection.ConnectionId)))];
        Fallbacks = await fallbacks.OfViewerAsync(cancellationToken);
        Tasks = [await tasks.OfViewerAsync(ModelTask.Title, cancellationToken), await tasks.OfViewerAsync(ModelTask.Question, cancellationToken)];
        return Page();
    }

    private bool IsWanted(CatalogModel model) =>
        string.IsNullOrWhiteSpace(Query)
        || model.Name.Contains(Query.Trim(), StringComparison.OrdinalIgnoreCase)
        || model.Ref.ModelId.Contains(Query.Trim(), StringComparison.OrdinalIgnoreCase);
}

/// <summary>A connection with its models.</summary>
/// <param name="State">How the listing of its models stands.</param>
/// <param name="Models">Those to show.</param>
/// <param name="Traffic">What goes on at it; null: it is gone by now.</param>
public sealed record ConnectionCard(CatalogConnection State, IReadOnlyList<ModelRow> Models, TrafficLine? Traffic);

/// <summary>A model of the price table.</summary>
/// <param name="Model">The model, the person's own numbers merged in.</param>
/// <param name="Own">Those numbers; null: the service's count.</param>
public sealed record ModelRow(CatalogModel Model, ModelOverride? Own)
{
    /// <summary>Where the numbers are changed.</summary>
    public string PriceUrl => $"/models/connections/{Model.Ref.ConnectionId}/price?model={Uri.EscapeDataString(Model.Ref.ModelId)}";
}
