using Calango.Sdk;
using Microsoft.Extensions.AI;

namespace Calango.Plugins.OpenAiCompatible;

/// <summary>Lists and connects the models of one service, over the official OpenAI SDK.</summary>
public sealed class OpenAiCompatibleProvider(IPluginHttp http) : IModelProvider, IEmbeddingProvider, IReranker
{
    private readonly HttpClient _streams = http.CreateClient(new HttpLimits());

    // A list of models or vectors is one line of JSON, longer than any line of a stream may be: only its whole is limited.
    private readonly HttpClient _bodies = http.CreateClient(new HttpLimits(MaxLineBytes: int.MaxValue));

    /// <inheritdoc/>
    public string Id => "openai-compatible";

    /// <inheritdoc/>
    public bool CallsTools => true;

    /// <inheritdoc/>
    public IReadOnlyList<SettingField> Settings { get; } = SettingsSchema.Of<OpenAiCompatibleSettings>();

    /// <inheritdoc/>
    public IReadOnlyList<ProviderPreset> Presets => OpenAiCompatible.Presets.All;

    /// <inheritdoc/>
    public Task<IReadOnlyList<ModelInfo>> ListModelsAsync(SettingsValues settings, CancellationToken cancellationToken) =>
        new ModelListing(Service.From(settings), _bodies).ListAsync(cancellationToken);

    /// <inheritdoc/>
    public IChatClient Connect(string modelId, SettingsValues settings) =>
        new OpenAiChatClient(Service.From(settings), modelId, _streams);

    /// <inheritdoc/>
    public IEmbeddingGenerator<string, Embedding<float>> ConnectEmbeddings(string modelId, SettingsValues settings) =>
        new OpenAiEmbeddings(Service.From(settings), modelId, _bodies);

    /// <inheritdoc/>
    public Task<IReadOnlyList<EmbeddingModelInfo>> ListEmbeddingModelsAsync(SettingsValues settings, CancellationToken cancellationToken) =>
        new ModelListing(Service.From(settings), _bodies).ListEmbeddingsAsync(cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<double>> RerankAsync(string modelId, string question, IReadOnlyList<string> texts, SettingsValues settings, CancellationToken cancellationToken) =>
        new Reranking(Service.From(settings), _bodies).AskAsync(modelId, question, texts, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<ModelInfo>> ListRerankersAsync(SettingsValues settings, CancellationToken cancellationToken) =>
        new ModelListing(Service.From(settings), _bodies).ListRerankersAsync(cancellationToken);
}
