using Calango.Core.Plugins;
using Calango.Sdk;

namespace Calango.Core.Models;

/// <summary>
/// The way to models that turn texts into vectors, for whoever names one: many services do not list these. They are asked
/// within their connection's limits. Thread-safe.
/// </summary>
public sealed class Embeddings
{
    private readonly Connections _connections;
    private readonly ModelCatalog _catalog;
    private readonly EmbeddingCalls _calls;
    private readonly ModelListing _listing;

    internal Embeddings(Connections connections, ModelCatalog catalog, EmbeddingCalls calls, ModelListing listing) =>
        (_connections, _catalog, _calls, _listing) = (connections, catalog, calls, listing);

    /// <summary>The connections that may have such models, in their order, this machine's last: whoever names no connection means a service.</summary>
    public async Task<IReadOnlyList<Connection>> ConnectionsAsync(CancellationToken cancellationToken) =>
        [.. (await _connections.ListAsync(cancellationToken)).Where(connection => _connections.ProviderOf(connection.ProviderId) is { Embeds: true }).OrderBy(connection => connection.ProviderId == LocalModelsBridge.ProviderId)];

    /// <summary>Turns texts into vectors.</summary>
    /// <param name="connection">One of <see cref="ConnectionsAsync"/>.</param>
    /// <param name="modelId">The model, as its service names it.</param>
    /// <param name="texts">At least one.</param>
    /// <param name="dimensions">How long the vectors are to be, for a model that can choose; null: as it makes them.</param>
    /// <param name="caller">Who asks.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ModelFailedException">The model could not be asked, or said no.</exception>
    public async Task<EmbeddedTexts> EmbedAsync(Connection connection, string modelId, IReadOnlyList<string> texts, int? dimensions, ModelCaller caller, CancellationToken cancellationToken) =>
        await _catalog.MayUseAsync(caller.AccountId, new ModelRef(connection.Id, modelId), cancellationToken)
            ? await _calls.InLineAsync(connection, modelId, caller, (models, settings, token) => models.EmbedAsync(modelId, settings, texts, dimensions, token), cancellationToken)
            : throw new ModelFailedException(ProviderFailures.ToFailure(new ProviderException(ProviderErrorKind.ModelNotFound), _listing.HostOf(connection), modelId));
}
