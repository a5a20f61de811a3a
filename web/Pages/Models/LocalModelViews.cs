using Calango.Core.Models;
using Calango.Sdk;

namespace Calango.Web.Pages.Models;

/// <summary>Collects the models that this machine has or could have. Thread-safe.</summary>
public sealed class LocalModelViews(LocalModelInstaller installer)
{
    /// <summary>All of them.</summary>
    public async Task<IReadOnlyList<LocalModelView>> ListAsync(CancellationToken cancellationToken)
    {
        var views = new List<LocalModelView>();
        foreach (var model in await installer.ListAsync(cancellationToken))
        {
            views.Add(new LocalModelView(model, installer.Current, await installer.FindRefAsync(model.Id, cancellationToken)));
        }

        return views;
    }

    /// <summary>One; null: it is gone.</summary>
    public async Task<LocalModelView?> FindAsync(string? modelId, CancellationToken cancellationToken) =>
        (await ListAsync(cancellationToken)).FirstOrDefault(view => view.Model.Id == modelId);

    /// <summary>The one of the catalogue that finds passages by what they mean; null: this server runs none.</summary>
    public async Task<LocalModelView?> SmallEmbedderAsync(CancellationToken cancellationToken) =>
        (await ListAsync(cancellationToken)).FirstOrDefault(view => view.Model is { Purpose: LocalModelPurpose.Embedding, DescriptionKey: not null });

    /// <summary>The one whose installation runs, is paused or ended last; null: there is none.</summary>
    public async Task<LocalModelView?> InstallingAsync(CancellationToken cancellationToken) =>
        installer.Current is { } install ? await FindAsync(install.ModelId, cancellationToken) : null;
}
