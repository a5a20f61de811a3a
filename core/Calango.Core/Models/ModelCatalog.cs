namespace Calango.Core.Models;

/// <summary>The models of all connections. Thread-safe.</summary>
public sealed class ModelCatalog
{
    /// <summary>All models that are known now.</summary>
    public Task<IReadOnlyList<CatalogModel>> ListAsync(CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>How the listing of each connection stands.</summary>
    public Task<IReadOnlyList<CatalogConnection>> ConnectionsAsync(CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>From what is known; no I/O.</summary>
    public CatalogModel? Find(ModelRef model) => throw new NotImplementedException();

    /// <summary>Asks the connection once if the model is unknown.</summary>
    public Task<CatalogModel?> FindAsync(ModelRef model, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Connects a model for one call.</summary>
    /// <exception cref="Calango.Sdk.ProviderException">It cannot be.</exception>
    public Task<ModelLease> ConnectAsync(ModelRef model, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Asks one connection, or all, for their models again.</summary>
    public Task RefreshAsync(Guid? connectionId, CancellationToken cancellationToken) => throw new NotImplementedException();
}
