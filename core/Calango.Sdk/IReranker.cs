namespace Calango.Sdk;

/// <summary>An <see cref="IModelProvider"/> that also has models which judge how well a text answers a question. Thread-safe.</summary>
public interface IReranker
{
    /// <summary>
    /// How well each text answers a question, in the order of the texts: the higher, the better. Scores are comparable within one call
    /// only: a model's may be probabilities or of no bounds at all.
    /// </summary>
    /// <param name="modelId">The model.</param>
    /// <param name="question">What is asked.</param>
    /// <param name="texts">At most 100.</param>
    /// <param name="settings">The connection's.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ProviderException">With the kind that says what is wrong. Nothing is scored then.</exception>
    Task<IReadOnlyList<double>> RerankAsync(string modelId, string question, IReadOnlyList<string> texts, SettingsValues settings, CancellationToken cancellationToken);

    /// <summary>The models it knows that do so; empty: it has none, or cannot say.</summary>
    /// <exception cref="ProviderException">With the kind that says what is wrong.</exception>
    Task<IReadOnlyList<ModelInfo>> ListRerankersAsync(SettingsValues settings, CancellationToken cancellationToken);
}
