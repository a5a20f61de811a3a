using Calango.Core.Plugins;
using Calango.Sdk;

namespace Calango.Core.Models;

/// <summary>
/// The way to models that turn texts into vectors. Services do not list these, so whoever asks names one; it is asked within the
/// connection's limits. Thread-safe.
/// </summary>
public sealed class Embeddings
{
    private readonly Connections _connections;
    private readonly ModelCatalog _catalog;
    private readonly ConnectionSecrets _secrets;
    private readonly ConnectionGates _gates;
    private readonly ModelListing _listing;
    private readonly PluginHost _plugins;
    private readonly TimeProvider _clock;

    internal Embeddings(Connections connections, ModelCatalog catalog, ConnectionSecrets secrets, ConnectionGates gates, ModelListing listing, PluginHost plugins, TimeProvider clock) =>
        (_connections, _catalog, _secrets, _gates, _listing, _plugins, _clock) = (connections, catalog, secrets, gates, listing, plugins, clock);

    /// <summary>The connections whose service may have such models, in their order.</summary>
    public async Task<IReadOnlyList<Connection>> ConnectionsAsync(CancellationToken cancellationToken) =>
        [.. (await _connections.ListAsync(cancellationToken)).Where(connection => _connections.ProviderOf(connection.ProviderId) is { Embeds: true })];

    /// <summary>Turns texts into vectors.</summary>
    /// <param name="connection">One of <see cref="ConnectionsAsync"/>.</param>
    /// <param name="modelId">The model, as its service names it.</param>
    /// <param name="texts">At least one.</param>
    /// <param name="dimensions">How long the vectors are to be, for a model that can choose; null: as it makes them.</param>
    /// <param name="caller">Who asks.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ModelFailedException">The model could not be asked, or said no.</exception>
    public async Task<EmbeddedTexts> EmbedAsync(Connection connection, string modelId, IReadOnlyList<string> texts, int? dimensions, ModelCaller caller, CancellationToken cancellationToken)
    {
        var gate = _gates.Of(connection.Id);
        await gate.EnterAsync(connection.Load.MaxConcurrent, caller, cancellationToken);
        try
        {
            if (!await _catalog.MayUseAsync(caller.AccountId, new ModelRef(connection.Id, modelId), cancellationToken))
            {
                throw new ProviderException(ProviderErrorKind.ModelNotFound);
            }

            return await gate.TryAsync(async () => await AskAsync(connection, modelId, texts, dimensions, cancellationToken), cancellationToken);
        }
        catch (Exception failure) when (failure is ProviderException or PluginFault or ConnectionPausedException)
        {
            throw new ModelFailedException(failure switch
            {
                ProviderException provider => ProviderFailures.ToFailure(provider, _listing.HostOf(connection), modelId),
                PluginFault fault => ProviderFailures.ToFailure(fault, _listing.HostOf(connection), modelId),
                _ => ProviderFailures.ToFailure((ConnectionPausedException)failure, _listing.HostOf(connection)),
            });
        }
        finally
        {
            gate.Leave(caller);
        }
    }

    private async Task<EmbeddedTexts> AskAsync(Connection connection, string modelId, IReadOnlyList<string> texts, int? dimensions, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(connection.Limits.WholeTurnSeconds), _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            using var plugin = _plugins.LeaseProvider(connection.ProviderId) ?? throw PluginFault.NotServing(connection.ProviderId);
            return await plugin.Provider(connection.ProviderId).EmbedAsync(modelId, _secrets.Reveal(connection), texts, dimensions, either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ProviderException(ProviderErrorKind.TimedOut);
        }
    }
}
