using System.Collections.Concurrent;
using Calango.Core.Plugins;
using Calango.Sdk;

namespace Calango.Core.Models;

/// <summary>A model that judges how well texts answer a question, and that can be chosen.</summary>
/// <param name="Ref">Names it.</param>
/// <param name="Name">For people.</param>
/// <param name="ConnectionName">The connection, for people.</param>
/// <param name="Host">What people call the place that is asked.</param>
public sealed record RerankModel(ModelRef Ref, string Name, string ConnectionName, string Host);

/// <summary>The models that judge how well texts answer a question, and the server's own way to ask one: nobody's access counts. Thread-safe.</summary>
public sealed class RerankModels
{
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan FreshFailure = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongestListing = TimeSpan.FromSeconds(5);

    private readonly Connections _connections;
    private readonly PluginHost _plugins;
    private readonly ConnectionSecrets _secrets;
    private readonly ConnectionGates _gates;
    private readonly ModelListing _listing;
    private readonly TimeProvider _clock;
    private readonly ConcurrentDictionary<Guid, Listing> _listings = new();

    internal RerankModels(Connections connections, PluginHost plugins, ConnectionSecrets secrets, ConnectionGates gates, ModelListing listing, TimeProvider clock) =>
        (_connections, _plugins, _secrets, _gates, _listing, _clock) = (connections, plugins, secrets, gates, listing, clock);

    /// <summary>All that are known, in the order of their connections. A service that cannot be asked now offers none.</summary>
    public async Task<IReadOnlyList<RerankModel>> ListAsync(CancellationToken cancellationToken)
    {
        var connections = (await _connections.ListAsync(cancellationToken)).Where(connection => _connections.ProviderOf(connection.ProviderId) is { Reranks: true });
        return [.. (await Task.WhenAll(connections.Select(connection => ListAsync(connection, cancellationToken)))).SelectMany(models => models)];
    }

    /// <summary>How well each text answers a question, in the order of the texts.</summary>
    /// <exception cref="ModelFailedException">The model is gone, could not be asked in time, or said no.</exception>
    public async Task<IReadOnlyList<double>> RerankAsync(ModelRef model, string question, IReadOnlyList<string> texts, TimeSpan limit, CancellationToken cancellationToken)
    {
        var connection = (await _connections.ListAsync(cancellationToken)).FirstOrDefault(connection => connection.Id == model.ConnectionId)
            ?? throw new ModelFailedException(ProviderFailures.ToFailure(new ProviderException(ProviderErrorKind.ModelNotFound), model.ModelId, model.ModelId));
        var scores = await ToldAsync(connection, model.ModelId, limit, token => InLineAsync(
            connection, token, (reranker, settings) => reranker.RerankAsync(model.ModelId, settings, question, texts, token)), cancellationToken);
        return scores.Count == texts.Count && scores.All(double.IsFinite) ? scores
            : throw new ModelFailedException(ProviderFailures.ToFailure(new ProviderException(ProviderErrorKind.UnexpectedFormat), _listing.HostOf(connection), model.ModelId));
    }

    private async Task<IReadOnlyList<RerankModel>> ListAsync(Connection connection, CancellationToken cancellationToken)
    {
        if (_listings.GetValueOrDefault(connection.Id) is not { } known || known.Version != connection.Version || _clock.GetElapsedTime(known.At) > (known.Failed ? FreshFailure : Fresh))
        {
            try
            {
                var models = await ToldAsync(connection, "", LongestListing, token => AskAsync(connection, (reranker, settings) => reranker.ListAsync(settings, token)), cancellationToken);
                known = new Listing(connection.Version, [.. models.Where(model => model.Id.Length is > 0 and <= ModelRef.MaxModelIdLength).DistinctBy(model => model.Id)], _clock.GetTimestamp(), Failed: false);
            }
            catch (ModelFailedException)
            {
                known = new Listing(connection.Version, [], _clock.GetTimestamp(), Failed: true);
            }

            _listings[connection.Id] = known;
        }

        return [.. known.Models.Select(model => new RerankModel(new ModelRef(connection.Id, model.Id), model.Name, connection.Name, _listing.HostOf(connection)))];
    }

    // Within the connection's limits; its circuit breaker counts how that goes.
    private async Task<T> InLineAsync<T>(Connection connection, CancellationToken cancellationToken, Func<GuardedReranker, SettingsValues, Task<T>> ask)
    {
        var (gate, caller) = (_gates.Of(connection.Id), new ModelCaller(Guid.Empty, CallPriority.Interactive));
        await gate.EnterAsync(connection.Load.MaxConcurrent, caller, cancellationToken);
        try
        {
            return await gate.TryAsync(async () => await AskAsync(connection, ask), cancellationToken);
        }
        finally
        {
            gate.Leave(caller);
        }
    }

    private async Task<T> AskAsync<T>(Connection connection, Func<GuardedReranker, SettingsValues, Task<T>> ask)
    {
        using var plugin = _plugins.LeaseProvider(connection.ProviderId) ?? throw PluginFault.NotServing(connection.ProviderId);
        return await ask(plugin.Provider(connection.ProviderId).Reranker ?? throw new ProviderException(ProviderErrorKind.ModelNotFound), _secrets.Reveal(connection));
    }

    private async Task<T> ToldAsync<T>(Connection connection, string modelId, TimeSpan longest, Func<CancellationToken, Task<T>> ask, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(longest, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            return await ask(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ModelFailedException(ProviderFailures.ToFailure(new ProviderException(ProviderErrorKind.TimedOut), _listing.HostOf(connection), modelId));
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
    }

    private sealed record Listing(Guid Version, IReadOnlyList<ModelInfo> Models, long At, bool Failed);
}
