using Microsoft.Extensions.AI;

namespace Calango.Sdk;

/// <summary>An <see cref="IModelProvider"/> or <see cref="ILocalModels"/> that also has embedding models. Thread-safe.</summary>
public interface IEmbeddingProvider
{
    /// <summary>
    /// A generator for one model; inputs are sent in as few requests as the service allows, results come in input order. No
    /// input is cut in silence: one longer than the model's window fails with <see cref="ProviderErrorKind.TextTooLong"/>.
    /// </summary>
    IEmbeddingGenerator<string, Embedding<float>> ConnectEmbeddings(string modelId, SettingsValues settings);

    /// <summary>The embedding models it knows; empty: it cannot say, and people name one.</summary>
    /// <exception cref="ProviderException">With the kind that says what is wrong.</exception>
    Task<IReadOnlyList<EmbeddingModelInfo>> ListEmbeddingModelsAsync(SettingsValues settings, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<EmbeddingModelInfo>>([]);

    /// <summary>
    /// How many tokens each text is as the model counts, without the marks that it adds itself: what has to fit in
    /// <see cref="EmbeddingModelInfo.WindowTokens"/>. Null: it cannot say, and the server estimates.
    /// </summary>
    Task<IReadOnlyList<int>?> CountTokensAsync(string modelId, IReadOnlyList<string> texts, SettingsValues settings, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<int>?>(null);
}

/// <summary>What a provider knows of one embedding model.</summary>
/// <param name="Id">As the service names it in requests.</param>
/// <param name="Name">For people; the id where the service has no better one.</param>
/// <param name="WindowTokens">The longest text, in the model's own tokens; 0: not known.</param>
/// <param name="Dimensions">How many numbers a vector has; 0: a first call tells.</param>
/// <param name="Fingerprint">
/// What makes two vector spaces the same, e.g. <c>sha256:afdb…/mean/384</c>: vectors of models with different ones are never
/// compared. Empty: the server makes one of what it knows.
/// </param>
/// <param name="Languages">BCP 47 tags in which it is usable; empty: many, or not known.</param>
/// <param name="OnPremises">True only if the model runs on this machine.</param>
public sealed record EmbeddingModelInfo(
    string Id,
    string Name,
    int WindowTokens,
    int Dimensions,
    string Fingerprint,
    IReadOnlyList<string> Languages,
    bool OnPremises);
