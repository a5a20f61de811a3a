using Calango.Core.Errors;
using Calango.Core.Identity;
using Calango.Core.Models;
using Calango.Web.Text;

namespace Calango.Web.Pages.Knowledge;

/// <summary>The models that could put what a collection finds in order, for whoever chooses one.</summary>
public sealed class RerankerChoices(RerankModels models, AccessLimits limits, Viewer viewer)
{
    /// <summary>Those that there are, one of which is chosen.</summary>
    public async Task<RerankerChoiceView> WithAsync(string? chosen, CancellationToken cancellationToken)
    {
        var access = await limits.OfAsync(viewer.AccountId, cancellationToken);
        return new RerankerChoiceView([.. (await models.ListAsync(cancellationToken)).Where(model => access.Allows(AccessKind.Model, model.Ref.ToString()))], chosen ?? "");
    }

    /// <summary>What was chosen; null: none.</summary>
    /// <param name="chosen">What the browser sent.</param>
    /// <param name="now">What is chosen so far.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="RejectedException"><c>retrieval.reranker</c>: there is no such model for whoever asks.</exception>
    public async Task<string?> ReadAsync(string? chosen, string? now, CancellationToken cancellationToken) =>
        string.IsNullOrEmpty(chosen) ? null
        // It may be away for a moment; the rest can be changed nevertheless.
        : chosen == now || (await WithAsync(chosen, cancellationToken)).Offered.Any(model => model.Ref.ToString() == chosen) ? chosen
        : throw new RejectedException("retrieval.reranker");
}

/// <summary>The choice of a model that puts passages in order.</summary>
/// <param name="Offered">The models.</param>
/// <param name="Chosen">The one that is chosen, as forms name it; empty: none.</param>
public sealed record RerankerChoiceView(IReadOnlyList<RerankModel> Offered, string Chosen)
{
    /// <summary>The one that is chosen is not offered any more.</summary>
    public bool IsGone => Chosen.Length > 0 && !Offered.Any(model => model.Ref.ToString() == Chosen);

    /// <summary>What is wrong with the choice, a sentence; null: nothing.</summary>
    public string? Error { get; init; }
}
