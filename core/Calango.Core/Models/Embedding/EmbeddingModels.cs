using System.Collections.Concurrent;
using Calango.Core.Plugins;
using Calango.Sdk;

namespace Calango.Core.Models;

/// <summary>
/// The models that turn texts into vectors, of all connections and of this machine, and the server's own way to ask one: nobody's
/// access counts. Thread-safe.
/// </summary>
public sealed class EmbeddingModels
{
    // Few models of which a service does not tell the window have one of less than 512; tokens are estimated, so a quarter is left free.
    private const int UsualWindow = 384;
    private const int ListingSeconds = 5;
    private const int CountingSeconds = 30;

    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan FreshFailure = TimeSpan.FromSeconds(30);

    private readonly Embeddings _embeddings;
    private readonly LocalModelInstaller _local;
    private readonly EmbeddingCalls _calls;
    private readonly ModelListing _listing;
    private readonly TimeProvider _clock;
    private readonly ConcurrentDictionary<Guid, Listing> _listings = new();
    private readonly ConcurrentDictionary<(Guid ConnectionVersion, string ModelId), int> _dimensions = new();

    internal EmbeddingModels(Embeddings embeddings, LocalModelInstaller local, EmbeddingCalls calls, ModelListing listing, TimeProvider clock) =>
        (_embeddings, _local, _calls, _listing, _clock) = (embeddings, local, calls, listing, clock);

    /// <summary>All that are known, in the order of their connections. A service that cannot be asked now offers what it did before.</summary>
    public async Task<IReadOnlyList<EmbeddingModel>> ListAsync(CancellationToken cancellationToken)
    {
        if (_local.IsAvailable)
        {
            // What somebody dropped into the models folder has a connection from now on.
            await _local.ListAsync(cancellationToken);
        }

        var listed = await Task.WhenAll((await _embeddings.ConnectionsAsync(cancellationToken)).Select(connection => ListAsync(connection, cancellationToken)));
        return [.. listed.SelectMany(models => models)];
    }

    /// <summary>
    /// One with its dimensions, for which it may be asked once. A service that does not list it is taken at its word; null: the
    /// connection is gone, or has no such model.
    /// </summary>
    /// <exception cref="ModelFailedException">It had to be asked and could not be.</exception>
    public async Task<EmbeddingModel?> FindAsync(ModelRef model, CancellationToken cancellationToken)
    {
        if (await ConnectionOfAsync(model, cancellationToken) is not { } connection)
        {
            return null;
        }

        var found = (await ListAsync(connection, cancellationToken)).FirstOrDefault(other => other.Ref == model) ?? Unlisted(connection, model.ModelId);
        return found switch
        {
            null or { Info.Dimensions: > 0 } => found,
            _ => await WithDimensionsAsync(connection, found, cancellationToken),
        };
    }

    /// <summary>Turns texts into vectors, behind what people wait for.</summary>
    /// <inheritdoc cref="EmbedAsync(ModelRef, IReadOnlyList{string}, CallPriority, CancellationToken)"/>
    public Task<EmbeddedTexts> EmbedAsync(ModelRef model, IReadOnlyList<string> texts, CancellationToken cancellationToken) =>
        EmbedAsync(model, texts, CallPriority.Background, cancellationToken);

    /// <summary>Turns texts into vectors. One that is longer than the model's window is refused.</summary>
    /// <exception cref="ModelFailedException">The model is gone, could not be asked, or said no.</exception>
    public async Task<EmbeddedTexts> EmbedAsync(ModelRef model, IReadOnlyList<string> texts, CallPriority priority, CancellationToken cancellationToken)
    {
        var connection = await ConnectionOfAsync(model, cancellationToken) ?? throw Gone(model);
        return await _calls.InLineAsync(
            connection, model.ModelId, new ModelCaller(Guid.Empty, priority), (models, settings, token) => models.EmbedAsync(model.ModelId, settings, texts, dimensions: null, token), cancellationToken);
    }

    /// <summary>Tokens of each text as the model counts them; roughly, where it cannot say.</summary>
    /// <exception cref="ModelFailedException">The model is gone, or could not be asked.</exception>
    public async Task<IReadOnlyList<int>> CountTokensAsync(ModelRef model, IReadOnlyList<string> texts, CancellationToken cancellationToken)
    {
        var connection = await ConnectionOfAsync(model, cancellationToken) ?? throw Gone(model);
        var counted = await _calls.AtOnceAsync(
            connection, model.ModelId, CountingSeconds, (models, settings, token) => models.CountTokensAsync(model.ModelId, settings, texts, token), cancellationToken);
        return counted ?? [.. texts.Select(text => TokenEstimate.Of(text))];
    }

    private async Task<Connection?> ConnectionOfAsync(ModelRef model, CancellationToken cancellationToken) =>
        (await _embeddings.ConnectionsAsync(cancellationToken)).FirstOrDefault(connection => connection.Id == model.ConnectionId);

    private async Task<IReadOnlyList<EmbeddingModel>> ListAsync(Connection connection, CancellationToken cancellationToken)
    {
        var known = _listings.GetValueOrDefault(connection.Id) is { } last && last.ConnectionVersion == connection.Version ? last : null;
        if (known is not null && !IsLocal(connection) && _clock.GetElapsedTime(known.At) < (known.Failed ? FreshFailure : Fresh))
        {
            return [.. known.Models.Select(model => Describe(connection, model))];
        }

        try
        {
            var models = await _calls.AtOnceAsync(connection, "", ListingSeconds, (embeddings, settings, token) => embeddings.ListAsync(settings, token), cancellationToken);
            known = new Listing(connection.Version, [.. models.Where(model => model.Id.Length is > 0 and <= ModelRef.MaxModelIdLength).DistinctBy(model => model.Id)], _clock.GetTimestamp(), Failed: false);
        }
        catch (ModelFailedException)
        {
            known = new Listing(connection.Version, known?.Models ?? [], _clock.GetTimestamp(), Failed: true);
        }

        _listings[connection.Id] = known;
        return [.. known.Models.Select(model => Describe(connection, model))];
    }

    // This machine's models are all listed.
    private EmbeddingModel? Unlisted(Connection connection, string modelId) =>
        IsLocal(connection) ? null : Describe(connection, new EmbeddingModelInfo(modelId, modelId, 0, 0, "", [], OnPremises: false));

    private EmbeddingModel Describe(Connection connection, EmbeddingModelInfo info)
    {
        var dimensions = info.Dimensions > 0 ? info.Dimensions : _dimensions.GetValueOrDefault((connection.Version, info.Id));
        return new EmbeddingModel(
            new ModelRef(connection.Id, info.Id),
            info with
            {
                WindowTokens = info.WindowTokens > 0 ? info.WindowTokens : UsualWindow,
                Dimensions = dimensions,
                // The same model by another way makes the same vectors.
                Fingerprint = info.Fingerprint.Length > 0 ? info.Fingerprint : $"{info.Id}/{dimensions}",
            },
            connection.Name,
            _listing.HostOf(connection));
    }

    private async Task<EmbeddingModel?> WithDimensionsAsync(Connection connection, EmbeddingModel model, CancellationToken cancellationToken)
    {
        try
        {
            var first = await EmbedAsync(model.Ref, ["dimension"], CallPriority.Interactive, cancellationToken);
            _dimensions[(connection.Version, model.Ref.ModelId)] = first.Vectors[0].Length;
        }
        catch (ModelFailedException failed) when (failed.Failure.Code == "provider.modelNotFound")
        {
            return null;
        }

        return (await ListAsync(connection, cancellationToken)).FirstOrDefault(other => other.Ref == model.Ref) ?? Unlisted(connection, model.Ref.ModelId);
    }

    private static ModelFailedException Gone(ModelRef model) =>
        new(ProviderFailures.ToFailure(new ProviderException(ProviderErrorKind.ModelNotFound), model.ModelId, model.ModelId));

    private static bool IsLocal(Connection connection) => connection.ProviderId == LocalModelsBridge.ProviderId;

    private sealed record Listing(Guid ConnectionVersion, IReadOnlyList<EmbeddingModelInfo> Models, long At, bool Failed);
}
