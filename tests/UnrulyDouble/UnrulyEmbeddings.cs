using Calango.Sdk;
using Microsoft.Extensions.AI;

namespace Calango.Tests.UnrulyDouble;

/// <summary>Counts words and letters; more than eight words do not fit.</summary>
internal sealed class UnrulyEmbeddings : IEmbeddingGenerator<string, Embedding<float>>
{
    public static EmbeddingModelInfo Model { get; } = new("counts", "Counts", 8, 2, "counts/2", ["en", "pt-BR"], OnPremises: true);

    public static int WordsOf(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length;

    public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        var texts = values.ToList();
        return texts.Exists(text => WordsOf(text) > Model.WindowTokens)
            ? throw new ProviderException(ProviderErrorKind.TextTooLong)
            : Task.FromResult(new GeneratedEmbeddings<Embedding<float>>(texts.Select(text => new Embedding<float>(new float[] { WordsOf(text), text.Count(char.IsLetter) }))));
    }

    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    public void Dispose()
    {
    }
}
