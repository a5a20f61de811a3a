using Calango.Core.Models;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Models;

/// <summary>The models that find passages by what they mean; where there are none, a small one to download.</summary>
public sealed class Embedders(EmbeddingModels embedders, LocalModelViews local) : PageModel
{
    /// <summary>Those that can be used.</summary>
    public IReadOnlyList<EmbeddingModel> Models { get; private set; } = [];

    /// <summary>The small one; null: there is one already, or this server runs none.</summary>
    public LocalModelView? Offer { get; private set; }

    /// <summary>Shows them.</summary>
    public async Task OnGetAsync(CancellationToken cancellationToken)
    {
        Models = await embedders.ListAsync(cancellationToken);
        Offer = Models.Count == 0 ? await local.SmallEmbedderAsync(cancellationToken) : null;
    }
}
