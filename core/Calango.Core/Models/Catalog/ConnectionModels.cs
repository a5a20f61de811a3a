using Calango.Sdk;

namespace Calango.Core.Models;

/// <summary>What is known of the models of one version of a connection. Listing runs once at a time, in the background. Thread-safe.</summary>
internal sealed class ConnectionModels(Connection connection, ModelListing listing, TimeProvider clock)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan FreshFailure = TimeSpan.FromSeconds(30);

    private readonly Lock _lock = new();
    private volatile State _state = new([], null, null);
    private volatile bool _expired;
    private Task? _running;

    public Connection Connection => connection;

    public string Host => listing.HostOf(connection);

    public IReadOnlyList<ModelInfo> Models => _state.Models;

    public Failure? Failure => _state.Failure;

    public bool WasListed => _state.ListedAt is not null;

    /// <summary>Whether what is known is old enough to ask again.</summary>
    public bool IsStale => _expired || _state.ListedAt is not { } at || clock.GetUtcNow() - at > (_state.Failure is null ? Fresh : FreshFailure);

    public CatalogConnection Describe() => new(connection.Id, connection.Name, Models.Count, _state.ListedAt, Failure);

    /// <summary>What is known may not hold any more; it counts until the service has been asked again.</summary>
    public void Expire() => _expired = true;

    /// <summary>Asks the service, or joins who is asking it. Never faults: a failure is part of what is known then.</summary>
    public Task RefreshAsync()
    {
        lock (_lock)
        {
            return _running is { IsCompleted: false } running ? running : _running = Task.Run(ListAsync);
        }
    }

    private async Task ListAsync()
    {
        _expired = false;
        var result = await listing.TryAsync(connection, CancellationToken.None);
        // What it offered before stays choosable while the service is down.
        _state = new State(result.Failure is null ? result.Models : Models, clock.GetUtcNow(), result.Failure);
    }

    private sealed record State(IReadOnlyList<ModelInfo> Models, DateTimeOffset? ListedAt, Failure? Failure);
}
