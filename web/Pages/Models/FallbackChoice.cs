using Calango.Core.Models;
using Calango.Web.Text;

namespace Calango.Web.Pages.Models;

/// <summary>The models that are asked where the one that was wanted cannot answer, and what can be chosen.</summary>
/// <param name="Chosen">In their order.</param>
/// <param name="Models">All models.</param>
public sealed record FallbackChoice(IReadOnlyList<ModelRef> Chosen, IReadOnlyList<CatalogModel> Models)
{
    /// <summary>It has just been stored.</summary>
    public bool IsSaved { get; init; }
}

/// <summary>Collects the choice of fallback models.</summary>
public sealed class FallbackChoices(Viewer viewer, FallbackModels fallbacks, ModelCatalog catalog)
{
    /// <summary>The viewer's choice.</summary>
    public async Task<FallbackChoice> OfViewerAsync(CancellationToken cancellationToken) =>
        new(await fallbacks.ListAsync(viewer.AccountId, cancellationToken), await catalog.ListAsync(viewer.AccountId, cancellationToken));
}
