using Calango.Sdk;
using Microsoft.Extensions.AI;

namespace Calango.Core.Plugins;

/// <summary>A provider that a plugin's process has, and that has models for embeddings, too.</summary>
internal sealed class RemoteEmbeddingProvider(IsolatedCode code, ProviderInfo info) : RemoteProvider(code, info), IEmbeddingProvider
{
    public IEmbeddingGenerator<string, Embedding<float>> ConnectEmbeddings(string modelId, SettingsValues settings)
    {
        Code.Grants.Learn(settings);
        return new Generator(this, modelId, settings);
    }

    public async Task<IReadOnlyList<EmbeddingModelInfo>> ListEmbeddingModelsAsync(SettingsValues settings, CancellationToken cancellationToken)
    {
        Code.Grants.Learn(settings);
        return WireJson.Read<List<EmbeddingModelInfo>>(await Code.CallAsync(WireMethod.ListEmbeddingModels, WireJson.Write(new ListModelsMessage(Id, settings.ToMessage())), cancellationToken));
    }

    public async Task<IReadOnlyList<int>?> CountTokensAsync(string modelId, IReadOnlyList<string> texts, SettingsValues settings, CancellationToken cancellationToken)
    {
        Code.Grants.Learn(settings);
        var message = new CountTokensMessage(Id, modelId, settings.ToMessage(), texts);
        return WireJson.Read<CountedTokensMessage>(await Code.CallAsync(WireMethod.CountTokens, WireJson.Write(message), cancellationToken)).Tokens;
    }

    private sealed class Generator(RemoteEmbeddingProvider provider, string modelId, SettingsValues settings) : IEmbeddingGenerator<string, Embedding<float>>
    {
        public async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
        {
            var message = new EmbedMessage(provider.Id, modelId, settings.ToMessage(), [.. values], options?.Dimensions);
            var answer = WireJson.Read<EmbeddedTexts>(await provider.Code.CallAsync(WireMethod.Embed, WireJson.Write(message), cancellationToken));
            return new GeneratedEmbeddings<Embedding<float>>(answer.Vectors.Select(vector => new Embedding<float>(vector))) { Usage = new UsageDetails { InputTokenCount = answer.InputTokens } };
        }

        public object? GetService(Type serviceType, object? serviceKey = null) => serviceKey is null && serviceType.IsInstanceOfType(this) ? this : null;

        public void Dispose()
        {
        }
    }
}
