using Microsoft.Extensions.AI;

namespace Calango.Core.Models;

/// <summary>
/// A connected model, and a place among those whom its connection serves. What it runs on, the plugin's code and a local
/// model's process, stays until this is disposed.
/// </summary>
public sealed class ModelLease : IAsyncDisposable
{
    private readonly ConnectionGate _gate;
    private readonly ModelCaller _caller;
    private readonly Func<ValueTask> _release;

    internal ModelLease(IChatClient client, CatalogModel model, TimeLimits limits, ConnectionGate gate, ModelCaller caller, Func<ValueTask> release)
    {
        (Client, Model, Limits) = (client, model, limits);
        (_gate, _caller, _release) = (gate, caller, release);
    }

    /// <summary>The model's client. Not to be disposed, nor used after the lease. Failures are <see cref="Calango.Sdk.ProviderException"/> or <see cref="Plugins.PluginFault"/>.</summary>
    public IChatClient Client { get; }

    /// <summary>The model.</summary>
    public CatalogModel Model { get; }

    /// <summary>Whether it can be offered tools.</summary>
    public bool CallsTools { get; init; }

    /// <summary>How long it may take.</summary>
    public TimeLimits Limits { get; }

    /// <summary>Awaits the first sign of an answer under the connection's circuit breaker.</summary>
    /// <exception cref="ConnectionPausedException">The service failed so often lately that it isn't asked now.</exception>
    public ValueTask<T> TryAsync<T>(Func<ValueTask<T>> first, CancellationToken cancellationToken) => _gate.TryAsync(first, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _gate.Leave(_caller);
        await _release();
    }
}
