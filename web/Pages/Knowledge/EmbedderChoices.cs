using Calango.Core.Errors;
using Calango.Core.Identity;
using Calango.Core.Knowledge;
using Calango.Core.Models;
using Calango.Web.Text;

namespace Calango.Web.Pages.Knowledge;

/// <summary>The models by which a collection's passages can be placed, for whoever chooses one.</summary>
public sealed class EmbedderChoices(EmbeddingModels models, Translator translator, AccessLimits limits, Viewer viewer)
{
    /// <summary>Those that there are, with the one that a new collection begins with: one of this machine, which sends nothing anywhere.</summary>
    public async Task<EmbedderChoiceView> NewAsync(CancellationToken cancellationToken)
    {
        var offered = await OfferedAsync(cancellationToken);
        return new EmbedderChoiceView(offered, offered.FirstOrDefault(model => model.OnPremises)?.Ref.ToString() ?? "", translator.IsInstalled, translator.IsInstalled);
    }

    /// <summary>Those that there are, one of which is chosen.</summary>
    public async Task<EmbedderChoiceView> WithAsync(string? chosen, bool translates, CancellationToken cancellationToken) =>
        new(await OfferedAsync(cancellationToken), chosen ?? "", translates, translator.IsInstalled);

    /// <summary>What was chosen; null: that words alone are compared.</summary>
    /// <param name="text">What the browser sent.</param>
    /// <param name="translates">What is Portuguese is to be translated for a model that does not know it.</param>
    /// <param name="now">The collection as it is; null: it is new.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="RejectedException"><c>collection.embedder</c>: there is no such model.</exception>
    /// <exception cref="ModelFailedException">It had to be asked and could not be.</exception>
    public async Task<EmbedderChoice?> ReadAsync(string? text, bool translates, Collection? now, CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        if (!ModelRef.TryParse(text, out var chosen))
        {
            throw new RejectedException("collection.embedder");
        }

        var stays = now is { Embedder: { } embedder, Fingerprint: not null } && embedder == chosen;
        try
        {
            return await models.FindAsync(chosen, cancellationToken) is { } found && (stays || await IsForViewerAsync(chosen, cancellationToken))
                ? EmbedderChoice.Of(found, translates)
                : throw new RejectedException("collection.embedder");
        }
        catch (ModelFailedException) when (stays)
        {
            // It is away for a moment; the rest can be changed nevertheless.
            return new EmbedderChoice(chosen, now!.Fingerprint!);
        }
    }

    private async Task<IReadOnlyList<EmbeddingModel>> OfferedAsync(CancellationToken cancellationToken)
    {
        var access = await limits.OfAsync(viewer.AccountId, cancellationToken);
        return [.. (await models.ListAsync(cancellationToken)).Where(model => access.Allows(AccessKind.Model, model.Ref.ToString()))];
    }

    private async Task<bool> IsForViewerAsync(ModelRef model, CancellationToken cancellationToken) =>
        (await limits.OfAsync(viewer.AccountId, cancellationToken)).Allows(AccessKind.Model, model.ToString());
}

/// <summary>The choice of a model that places passages.</summary>
/// <param name="Offered">The models.</param>
/// <param name="Chosen">The one that is chosen, as forms name it; empty: none.</param>
/// <param name="Translates">What is Portuguese is translated for a model that does not know it.</param>
/// <param name="CanTranslate">What that needs is there.</param>
public sealed record EmbedderChoiceView(IReadOnlyList<EmbeddingModel> Offered, string Chosen, bool Translates, bool CanTranslate)
{
    /// <summary>There is a model that does not know Portuguese.</summary>
    public bool NeedsTranslation => Offered.Any(model => !EmbedderChoice.Speaks(model.Info, TextLanguage.Portuguese));

    /// <summary>The one that is chosen is not offered any more.</summary>
    public bool IsGone => Chosen.Length > 0 && !Offered.Any(model => model.Ref.ToString() == Chosen);
}
