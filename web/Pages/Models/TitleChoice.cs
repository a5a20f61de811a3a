using Calango.Core.Chat;
using Calango.Core.Identity;
using Calango.Core.Models;
using Calango.Web.Text;

namespace Calango.Web.Pages.Models;

/// <summary>How titles of new chats are made, and what can be chosen.</summary>
/// <param name="Mode">How.</param>
/// <param name="Model">The model chosen for it.</param>
/// <param name="Models">All models.</param>
/// <param name="NanoUsd">What a title costs at most, with the model that would write it; null: not known.</param>
public sealed record TitleChoice(TitleMode Mode, ModelRef? Model, IReadOnlyList<CatalogModel> Models, long? NanoUsd)
{
    /// <summary>The model that would write it runs on this machine.</summary>
    public bool IsFree { get; init; }

    /// <summary>It has just been stored.</summary>
    public bool IsSaved { get; init; }
}

/// <summary>Collects the choice of how titles are made.</summary>
public sealed class TitleChoices(Viewer viewer, Titles titles, ModelCatalog catalog)
{
    /// <summary>The viewer's choice.</summary>
    public async Task<TitleChoice> OfViewerAsync(CancellationToken cancellationToken)
    {
        var account = await titles.ChoiceOfAsync(viewer.AccountId, cancellationToken);
        var models = await catalog.ListAsync(viewer.AccountId, cancellationToken);
        var chosen = Ref(account.TitleConnectionId, account.TitleModelId);
        var writer = account.TitleMode == TitleMode.Model ? chosen : Ref(account.DefaultConnectionId, account.DefaultModelId);
        var known = models.FirstOrDefault(model => model.Ref == writer);
        return new TitleChoice(account.TitleMode, chosen, models, known is null ? null : Titles.HighestCost(known)) { IsFree = known is { OnPremises: true, InputPrice: null } };
    }

    private static ModelRef? Ref(Guid? connection, string? model) => connection is { } id && model is not null ? new ModelRef(id, model) : null;
}
