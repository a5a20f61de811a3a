using Calango.Sdk;
using Microsoft.Extensions.AI;

namespace Calango.Plugins.LocalModels;

// One embedder of this machine.
internal sealed class LocalEmbeddingGenerator(Embedders embedders, string modelId) : IEmbeddingGenerator<string, Embedding<float>>
{
    public async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        var texts = values.ToList();
        if (texts.Count == 0)
        {
            return [];
        }

        var embedder = await embedders.OpenAsync(modelId, cancellationToken);
        if (options?.Dimensions is { } dimensions && dimensions != embedder.Files.Dimensions)
        {
            throw new ProviderException(ProviderErrorKind.InvalidRequest, $"Its vectors have {embedder.Files.Dimensions} numbers.");
        }

        try
        {
            var (vectors, tokens) = await Task.Run(() => embedder.Embed(texts, cancellationToken), cancellationToken);
            return new GeneratedEmbeddings<Embedding<float>>(vectors.Select(vector => new Embedding<float>(vector) { ModelId = modelId }))
            {
                Usage = new UsageDetails { InputTokenCount = tokens, TotalTokenCount = tokens },
            };
        }
        catch (OnnxException exception)
        {
            throw new ProviderException(ProviderErrorKind.LocalModelUnavailable, exception.Message);
        }
        catch (ObjectDisposedException)
        {
            // It was removed while it was used.
            throw new ProviderException(ProviderErrorKind.ModelNotFound);
        }
    }

    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is not null ? null
        : serviceType == typeof(EmbeddingGeneratorMetadata) ? new EmbeddingGeneratorMetadata("local-models", null, modelId)
        : serviceType.IsInstanceOfType(this) ? this
        : null;

    public void Dispose()
    {
    }
}
