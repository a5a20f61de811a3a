using Calango.Core.Errors;
using Calango.Core.Knowledge;
using Calango.Web.Htmx;
using Calango.Web.Text;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Knowledge;

/// <summary>The set-up that a collection has after a comparison.</summary>
public sealed class Kept(Collections collections, Evaluations evaluations, Viewer viewer) : PageModel
{
    /// <summary>Sets the collection up as it was for one of the runs; its model stays.</summary>
    public async Task<IActionResult> OnPutAsync(Guid id, Guid run, CancellationToken cancellationToken)
    {
        var collection = (await collections.FindAsync(viewer.AccountId, id, CollectionRight.Manage, cancellationToken)).Collection;
        var chosen = (await evaluations.RunsAsync(viewer.AccountId, id, cancellationToken)).Find(known => known.Id == run) ?? throw new NotFoundException();
        var embedder = collection.Embedder is { } model ? new EmbedderChoice(model, collection.Fingerprint!) : null;
        await collections.SetUpAsync(viewer.AccountId, id, chosen.Options, embedder, cancellationToken);
        return this.Go($"/knowledge/{id}/evaluation");
    }
}
