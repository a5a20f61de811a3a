using Calango.Core.Models;
using Calango.Web.Text;

namespace Calango.Web.Api.OpenAi;

/// <summary>
/// What programs call the models: as their service does where only one connection has a model of this name, else with the
/// connection's name before it, and with its id where that name is not the only one either. All forms are understood always, so
/// that another connection breaks no program.
/// </summary>
internal sealed class ModelNames(ModelCatalog catalog, Viewer viewer)
{
    // The shortest first.
    private static readonly IReadOnlyList<Func<CatalogModel, string>> Forms =
        [model => model.Ref.ModelId, model => $"{model.ConnectionName}/{model.Ref.ModelId}", model => model.Ref.ToString()];

    /// <summary>All models that the program's owner may use, by name.</summary>
    public async Task<IReadOnlyList<(string Name, CatalogModel Model)>> ListAsync(CancellationToken cancellationToken)
    {
        var models = await catalog.ListAsync(viewer.AccountId, cancellationToken);
        var meant = models.SelectMany(model => Forms.Select(form => form(model))).CountBy(name => name).ToDictionary();
        return [.. models.Select(model => (Forms.Select(form => form(model)).First(name => meant[name] == 1), model))];
    }

    /// <summary>The model that a program means; null: there is none.</summary>
    public async Task<CatalogModel?> FindAsync(string name, CancellationToken cancellationToken)
    {
        var models = await catalog.ListAsync(viewer.AccountId, cancellationToken);
        return Forms.Reverse().Select(form => models.FirstOrDefault(model => form(model) == name)).FirstOrDefault(found => found is not null);
    }
}
