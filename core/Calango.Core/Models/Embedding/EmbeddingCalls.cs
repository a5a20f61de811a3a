using Calango.Core.Plugins;
using Calango.Sdk;

namespace Calango.Core.Models;

/// <summary>Asks a connection's embedding models, within the connection's limits. Thread-safe.</summary>
internal sealed class EmbeddingCalls(PluginHost plugins, ConnectionSecrets secrets, ConnectionGates gates, ModelListing listing, TimeProvider clock)
{
    /// <summary>Asks once the connection has a place for it; its circuit breaker counts how that goes.</summary>
    /// <exception cref="ModelFailedException">The model could not be asked, or said no.</exception>
    public async Task<T> InLineAsync<T>(
        Connection connection, string modelId, ModelCaller caller, Func<GuardedEmbeddings, SettingsValues, CancellationToken, Task<T>> ask, CancellationToken cancellationToken)
    {
        var gate = gates.Of(connection.Id);
        await gate.EnterAsync(connection.Load.MaxConcurrent, caller, cancellationToken);
        try
        {
            return await Told(connection, modelId, () => gate.TryAsync(async () => await AskAsync(connection, connection.Limits.WholeTurnSeconds, ask, cancellationToken), cancellationToken).AsTask());
        }
        finally
        {
            gate.Leave(caller);
        }
    }

    /// <summary>Asks at once: for what costs a service little or nothing.</summary>
    /// <exception cref="ModelFailedException">The model could not be asked, or said no.</exception>
    public Task<T> AtOnceAsync<T>(
        Connection connection, string modelId, int seconds, Func<GuardedEmbeddings, SettingsValues, CancellationToken, Task<T>> ask, CancellationToken cancellationToken) =>
        Told(connection, modelId, () => AskAsync(connection, seconds, ask, cancellationToken));

    private async Task<T> Told<T>(Connection connection, string modelId, Func<Task<T>> ask)
    {
        try
        {
            return await ask();
        }
        catch (Exception failure) when (failure is ProviderException or PluginFault or ConnectionPausedException)
        {
            throw new ModelFailedException(failure switch
            {
                ProviderException provider => ProviderFailures.ToFailure(provider, listing.HostOf(connection), modelId),
                PluginFault fault => ProviderFailures.ToFailure(fault, listing.HostOf(connection), modelId),
                _ => ProviderFailures.ToFailure((ConnectionPausedException)failure, listing.HostOf(connection)),
            });
        }
    }

    private async Task<T> AskAsync<T>(Connection connection, int seconds, Func<GuardedEmbeddings, SettingsValues, CancellationToken, Task<T>> ask, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(seconds), clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            using var plugin = LeaseFor(connection) ?? throw PluginFault.NotServing(connection.ProviderId);
            var embeddings = IsLocal(connection) ? plugin.Generation.LocalModels!.Embeddings : plugin.Provider(connection.ProviderId).Embeddings;
            return await ask(embeddings ?? throw new ProviderException(ProviderErrorKind.ModelNotFound), secrets.Reveal(connection), either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ProviderException(ProviderErrorKind.TimedOut);
        }
    }

    private PluginLease? LeaseFor(Connection connection) => IsLocal(connection) ? plugins.LeaseLocalModels() : plugins.LeaseProvider(connection.ProviderId);

    private static bool IsLocal(Connection connection) => connection.ProviderId == LocalModelsBridge.ProviderId;
}
