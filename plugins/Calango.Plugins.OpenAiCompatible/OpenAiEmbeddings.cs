using Microsoft.Extensions.AI;
using OpenAI.Embeddings;
using EmbeddingGenerationOptions = Microsoft.Extensions.AI.EmbeddingGenerationOptions;
using SdkOptions = OpenAI.Embeddings.EmbeddingGenerationOptions;

namespace Calango.Plugins.OpenAiCompatible;

/// <summary>One embedding model of a service.</summary>
internal sealed class OpenAiEmbeddings(Service service, string modelId, HttpClient http) : IEmbeddingGenerator<string, Embedding<float>>
{
    // OpenAI's limit on the inputs of one request.
    private const int InputsPerRequest = 2048;

    private readonly EmbeddingClient _client = service.EmbeddingClient(modelId, http);

    public async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        var results = new GeneratedEmbeddings<Embedding<float>> { Usage = new UsageDetails { InputTokenCount = 0, TotalTokenCount = 0 } };
        foreach (var inputs in values.Chunk(InputsPerRequest))
        {
            var answer = await SendAsync(inputs, options, cancellationToken).ConfigureAwait(false);
            results.AddRange(answer.OrderBy(embedding => embedding.Index).Select(embedding => new Embedding<float>(embedding.ToFloats()) { ModelId = modelId }));
            results.Usage.InputTokenCount += answer.Usage?.InputTokenCount;
            results.Usage.TotalTokenCount += answer.Usage?.TotalTokenCount;
        }

        return results;
    }

    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is not null ? null
        : serviceType == typeof(EmbeddingGeneratorMetadata) ? new EmbeddingGeneratorMetadata("openai-compatible", service.Address, modelId)
        : serviceType.IsInstanceOfType(this) ? this
        : null;

    public void Dispose()
    {
    }

    private async Task<OpenAIEmbeddingCollection> SendAsync(string[] inputs, EmbeddingGenerationOptions? options, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await _client.GenerateEmbeddingsAsync(inputs, new SdkOptions { Dimensions = options?.Dimensions }, cancellationToken).ConfigureAwait(false);
            return answer.Value.Count == inputs.Length ? answer.Value : throw new Sdk.ProviderException(Sdk.ProviderErrorKind.UnexpectedFormat);
        }
        catch (Exception exception)
        {
            throw Failures.From(exception, service.ApiKey, cancellationToken) switch
            {
                // There is no conversation here that could be cut.
                Sdk.ProviderException { Kind: Sdk.ProviderErrorKind.ContextTooLong } tooLong =>
                    new Sdk.ProviderException(Sdk.ProviderErrorKind.TextTooLong, tooLong.ServiceMessage, tooLong.StatusCode, tooLong.RetryAfter),
                var failure => failure,
            };
        }
    }
}
