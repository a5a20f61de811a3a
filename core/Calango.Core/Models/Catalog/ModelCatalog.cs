using Calango.Core.Identity;
using Calango.Core.Plugins;
using Calango.Sdk;
using Microsoft.Extensions.AI;

namespace Calango.Core.Models;

/// <summary>
/// The models of all connections, and the way to call one. Services are asked in the background, each on its own: one
/// that is slow or broken neither hides nor delays the others. Thread-safe.
/// </summary>
public sealed class ModelCatalog
{
    private static readonly TimeSpan FirstListingWait = TimeSpan.FromSeconds(2);

    private readonly Connections _connections;
    private readonly ModelPrices _prices;
    private readonly PluginHost _plugins;
    private readonly LocalModelsBridge _localModels;
    private readonly ConnectionSecrets _secrets;
    private readonly ModelListing _listing;
    private readonly ConnectionGates _gates;
    private readonly AccessLimits _limits;
    private readonly TimeProvider _clock;
    private readonly Lock _lock = new();
    private volatile CatalogSnapshot _snapshot = CatalogSnapshot.Empty;

    internal ModelCatalog(
        Connections connections, ModelPrices prices, PluginHost plugins, LocalModelsBridge localModels,
        ConnectionSecrets secrets, ModelListing listing, ConnectionGates gates, AccessLimits limits, TimeProvider clock)
    {
        (_connections, _prices, _plugins, _localModels) = (connections, prices, plugins, localModels);
        (_secrets, _listing, _gates, _limits, _clock) = (secrets, listing, gates, limits, clock);
    }

    /// <summary>All models that are known, for whoever runs the server. Waits for a connection's first listing, but not longer than two seconds.</summary>
    public async Task<IReadOnlyList<CatalogModel>> ListAsync(CancellationToken cancellationToken)
    {
        await ListFirstTimeAsync(cancellationToken);
        return _snapshot.Models;
    }

    /// <summary>The models that somebody may use: for them there are no others. Waits as <see cref="ListAsync(CancellationToken)"/> does.</summary>
    public async Task<IReadOnlyList<CatalogModel>> ListAsync(Guid accountId, CancellationToken cancellationToken)
    {
        await ListFirstTimeAsync(cancellationToken);
        var (snapshot, access) = (_snapshot, await _limits.OfAsync(accountId, cancellationToken));
        return access == PersonalAccess.Everything ? snapshot.Models : [.. snapshot.Models.Where(model => MayUse(access, snapshot, model.Ref))];
    }

    /// <summary>How the listing of each connection stands. Waits as <see cref="ListAsync(CancellationToken)"/> does.</summary>
    public async Task<IReadOnlyList<CatalogConnection>> ConnectionsAsync(CancellationToken cancellationToken)
    {
        await ListFirstTimeAsync(cancellationToken);
        return _snapshot.Connections;
    }

    /// <summary>From what is known now; no I/O, no waiting. Whoever asks has seen to it that it is no secret.</summary>
    internal CatalogModel? Find(ModelRef model) => _snapshot.Find(model);

    /// <summary>The same of a model that somebody may use.</summary>
    internal CatalogModel? Find(ModelRef model, PersonalAccess access) => _snapshot is var snapshot && MayUse(access, snapshot, model) ? snapshot.Find(model) : null;

    /// <summary>From what is known now of a model that somebody may use; no service is asked.</summary>
    public async Task<CatalogModel?> FindKnownAsync(Guid accountId, ModelRef model, CancellationToken cancellationToken) =>
        _snapshot.Find(model) is { } known && await MayUseAsync(accountId, model, cancellationToken) ? known : null;

    /// <summary>What a connection is called, from what is known now; null: there is none of that id.</summary>
    public string? ConnectionName(Guid id) => _snapshot.Connection(id)?.Connection.Name;

    /// <summary>Whether the connection's provider can offer tools to a model; whether the model takes them shows when it is asked.</summary>
    public bool CallsTools(ModelRef model) =>
        _snapshot.Connection(model.ConnectionId) is { } connection && _connections.ProviderOf(connection.Connection.ProviderId) is { CallsTools: true };

    /// <summary>What goes on at each connection now. No service is asked.</summary>
    public async Task<IReadOnlyList<ConnectionTraffic>> TrafficAsync(CancellationToken cancellationToken) =>
        [.. (await _connections.ListAsync(cancellationToken)).Select(_gates.TrafficAt)];

    /// <summary>
    /// As <see cref="FindKnownAsync"/>, but asks the connection once if it doesn't know the model. Where the service can't be
    /// asked the model is taken at its word; null: the connection is gone, or no longer has it, or it is not for this person.
    /// </summary>
    public async Task<CatalogModel?> FindAsync(Guid accountId, ModelRef model, CancellationToken cancellationToken) =>
        await FindAsync(model, cancellationToken) is { } found && await MayUseAsync(accountId, model, cancellationToken) ? found : null;

    /// <summary>The same for whoever runs the server.</summary>
    public async Task<CatalogModel?> FindAsync(ModelRef model, CancellationToken cancellationToken)
    {
        var snapshot = await SyncAsync(cancellationToken);
        if (snapshot.Find(model) is { } known)
        {
            return known;
        }

        if (snapshot.Connection(model.ConnectionId) is not { } connection)
        {
            return null;
        }

        if (connection.IsStale || connection.Failure is null)
        {
            await RefreshAsync(connection).WaitAsync(cancellationToken);
        }

        return _snapshot.Find(model) ?? (connection.Failure is null ? null : snapshot.Unlisted(connection, model.ModelId));
    }

    /// <summary>
    /// The same model at each connection of its connection's pool that has it, the least busy first; the model alone where
    /// there is no pool.
    /// </summary>
    public async Task<IReadOnlyList<ModelRef>> SharersAsync(Guid accountId, ModelRef model, CancellationToken cancellationToken)
    {
        var snapshot = await SyncAsync(cancellationToken);
        var access = await _limits.OfAsync(accountId, cancellationToken);
        return snapshot.Connection(model.ConnectionId)?.Connection.Load.Pool is not { Length: > 0 } pool ? [model] :
        [
            .. snapshot.Listings.Select(listing => listing.Connection)
                .Where(connection => connection.Load.Pool == pool && (connection.Id == model.ConnectionId
                    || (snapshot.Find(model with { ConnectionId = connection.Id }) is { } same && MayUse(access, snapshot, same.Ref))))
                .OrderBy(_gates.LoadOf)
                .Select(connection => model with { ConnectionId = connection.Id }),
        ];
    }

    /// <summary>Connects a model for one call, once its connection has a place for it.</summary>
    /// <exception cref="ProviderException">The connection or the model is gone or not for this person, or a local model cannot be started.</exception>
    /// <exception cref="PluginFault">The connection's plugin doesn't serve or failed.</exception>
    public async Task<ModelLease> ConnectAsync(ModelRef model, ModelCaller caller, CancellationToken cancellationToken)
    {
        var found = await FindAsync(caller.AccountId, model, cancellationToken);
        if (found is null || _snapshot.Connection(model.ConnectionId) is not { Connection: var connection })
        {
            throw new ProviderException(ProviderErrorKind.ModelNotFound);
        }

        var gate = _gates.Of(connection.Id);
        await gate.EnterAsync(connection.Load.MaxConcurrent, caller, cancellationToken);
        try
        {
            var (client, release) = await ClientOfAsync(connection, model, caller.TurnId, cancellationToken);
            return new ModelLease(client, found, connection.Limits, gate, caller, release) { CallsTools = CallsTools(model) };
        }
        catch
        {
            gate.Leave(caller);
            throw;
        }
    }

    /// <summary>Asks one connection, or all, for their models again, and waits for the answers.</summary>
    public async Task RefreshAsync(Guid? connectionId, CancellationToken cancellationToken)
    {
        var snapshot = await SyncAsync(cancellationToken);
        var asked = snapshot.Listings.Where(connection => connectionId is null || connection.Connection.Id == connectionId);
        await Task.WhenAll(asked.Select(RefreshAsync)).WaitAsync(cancellationToken);
    }

    /// <summary>Whether somebody may use a model, listed or not.</summary>
    internal async Task<bool> MayUseAsync(Guid accountId, ModelRef model, CancellationToken cancellationToken) =>
        MayUse(await _limits.OfAsync(accountId, cancellationToken), await SyncAsync(cancellationToken), model);

    private bool MayUse(PersonalAccess access, CatalogSnapshot snapshot, ModelRef model) =>
        access == PersonalAccess.Everything
        || (access.Allows(AccessKind.Model, model.ToString())
            && (snapshot.Connection(model.ConnectionId) is not { Connection.ProviderId: var provider }
                || access.Allows(AccessKind.Plugin, _connections.ProviderOf(provider)?.PluginId ?? provider)));

    private async Task<(IChatClient Client, Func<ValueTask> Release)> ClientOfAsync(Connection connection, ModelRef model, Guid? turnId, CancellationToken cancellationToken)
    {
        if (connection.ProviderId == LocalModelsBridge.ProviderId)
        {
            return await _localModels.ConnectAsync(model.ModelId, _snapshot.Override(model)?.ContextTokens, turnId, cancellationToken);
        }

        var plugin = _plugins.LeaseProvider(connection.ProviderId, turnId) ?? throw PluginFault.NotServing(connection.ProviderId);
        try
        {
            return (await ClientOfAsync(plugin, connection, model.ModelId, cancellationToken), () => { plugin.Dispose(); return ValueTask.CompletedTask; });
        }
        catch
        {
            plugin.Dispose();
            throw;
        }
    }

    private ValueTask<IChatClient> ClientOfAsync(PluginLease plugin, Connection connection, string modelId, CancellationToken cancellationToken) => plugin.Generation.Clients.GetOrAddAsync(
        connection.Version, modelId, () => plugin.Provider(connection.ProviderId).ConnectAsync(modelId, _secrets.Reveal(connection), cancellationToken));

    private async Task ListFirstTimeAsync(CancellationToken cancellationToken)
    {
        var snapshot = await SyncAsync(cancellationToken);
        var first = new List<Task>();
        foreach (var connection in snapshot.Listings.Where(connection => connection.IsStale))
        {
            var isFirst = !connection.WasListed;
            var listing = RefreshAsync(connection);
            if (isFirst)
            {
                first.Add(listing);
            }
        }

        await Task.WhenAll(first).WaitAsync(FirstListingWait, _clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
    }

    private async Task RefreshAsync(ConnectionModels connection)
    {
        await connection.RefreshAsync();
        lock (_lock)
        {
            _snapshot = new CatalogSnapshot(_snapshot.Rows, _snapshot.Overrides, _snapshot.Providers, _snapshot.Listings);
        }
    }

    // Costs nothing worth naming where all is the same as last time: it is on the way of every turn.
    private async ValueTask<CatalogSnapshot> SyncAsync(CancellationToken cancellationToken)
    {
        var rows = await _connections.ListAsync(cancellationToken);
        var overrides = await _prices.ListAsync(cancellationToken);
        var snapshot = _snapshot;
        var providers = _plugins.Providers;
        return ReferenceEquals(rows, snapshot.Rows) && ReferenceEquals(overrides, snapshot.Overrides) && ReferenceEquals(providers, snapshot.Providers)
            ? snapshot
            : Rebuild(rows, overrides, providers);
    }

    private CatalogSnapshot Rebuild(IReadOnlyList<Connection> rows, IReadOnlyList<ModelOverride> overrides, IReadOnlyList<ProviderInfo> providers)
    {
        lock (_lock)
        {
            var before = _snapshot;
            var connections = rows.Select(row => Listing(row, before.Connection(row.Id))).ToList();
            foreach (var gone in before.Listings.Where(old => !connections.Exists(connection => connection.Connection.Version == old.Connection.Version)))
            {
                _plugins.DropClients(gone.Connection.Version);
            }

            if (!ReferenceEquals(providers, before.Providers))
            {
                // Another version of a plugin may offer other models, or reach a service that the one before did not.
                connections.ForEach(connection => connection.Expire());
            }

            return _snapshot = new CatalogSnapshot(rows, overrides, providers, connections);
        }
    }

    private ConnectionModels Listing(Connection row, ConnectionModels? before) =>
        before is not null && before.Connection.Version == row.Version ? before : new ConnectionModels(row, _listing, _clock);
}
