using Microsoft.Extensions.AI;

namespace Calango.Core.Models;

/// <summary>A connected model. What it runs on, the plugin's code and a local model's process, stays until this is disposed.</summary>
public sealed class ModelLease(IChatClient client, CatalogModel model, TimeLimits limits, Func<ValueTask> release) : IAsyncDisposable
{
    /// <summary>The model's client. Not to be disposed, nor used after the lease. Failures are <see cref="Calango.Sdk.ProviderException"/> or <see cref="Plugins.PluginFault"/>.</summary>
    public IChatClient Client { get; } = client;

    /// <summary>The model.</summary>
    public CatalogModel Model { get; } = model;

    /// <summary>How long it may take.</summary>
    public TimeLimits Limits { get; } = limits;

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => release();
}
