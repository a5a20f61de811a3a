using System.Collections.Frozen;
using Calango.Core.Plugins;
using Calango.Sdk;

namespace Calango.Core.Models;

/// <summary>All that the catalog knows at one moment. Immutable.</summary>
internal sealed class CatalogSnapshot
{
    public static readonly CatalogSnapshot Empty = new([], [], [], []);

    private readonly FrozenDictionary<ModelRef, CatalogModel> _models;
    private readonly FrozenDictionary<Guid, ConnectionModels> _connections;
    private readonly FrozenDictionary<ModelRef, ModelOverride> _overrides;

    public CatalogSnapshot(IReadOnlyList<Connection> rows, IReadOnlyList<ModelOverride> overrides, IReadOnlyList<ProviderInfo> providers, IReadOnlyList<ConnectionModels> connections)
    {
        (Rows, Overrides, Providers, Listings) = (rows, overrides, providers, connections);
        _overrides = overrides.ToFrozenDictionary(entry => new ModelRef(entry.ConnectionId, entry.ModelId));
        _connections = connections.ToFrozenDictionary(connection => connection.Connection.Id);
        Models = [.. connections.SelectMany(connection => connection.Models.Select(model => Merge(connection, model)))];
        Connections = [.. connections.Select(connection => connection.Describe())];
        _models = Models.ToFrozenDictionary(model => model.Ref);
    }

    /// <summary>The rows it was made from, to see whether they are still the newest.</summary>
    public IReadOnlyList<Connection> Rows { get; }

    /// <inheritdoc cref="Rows"/>
    public IReadOnlyList<ModelOverride> Overrides { get; }

    /// <summary>Whom the connections could be asked through when it was made.</summary>
    public IReadOnlyList<ProviderInfo> Providers { get; }

    public IReadOnlyList<CatalogModel> Models { get; }

    public IReadOnlyList<CatalogConnection> Connections { get; }

    public IReadOnlyList<ConnectionModels> Listings { get; }

    public CatalogModel? Find(ModelRef model) => _models.GetValueOrDefault(model);

    public ConnectionModels? Connection(Guid id) => _connections.GetValueOrDefault(id);

    public ModelOverride? Override(ModelRef model) => _overrides.GetValueOrDefault(model);

    /// <summary>A model of which nothing is known but its name, since its service cannot be asked now.</summary>
    public CatalogModel Unlisted(ConnectionModels connection, string modelId) => Merge(connection, new ModelInfo(modelId, modelId));

    private CatalogModel Merge(ConnectionModels connection, ModelInfo model)
    {
        var reference = new ModelRef(connection.Connection.Id, model.Id);
        var own = Override(reference);
        return new CatalogModel(
            reference,
            model.Name,
            connection.Connection is { PresetId: { Length: > 0 } preset } ? preset : connection.Connection.ProviderId,
            connection.Connection.Name,
            own?.ContextTokens ?? model.ContextTokens,
            model.MaxOutputTokens,
            own?.InputPrice ?? model.InputPrice,
            own?.OutputPrice ?? model.OutputPrice,
            model.OnPremises,
            connection.Host)
        {
            SeesPictures = model.SeesPictures,
        };
    }
}
