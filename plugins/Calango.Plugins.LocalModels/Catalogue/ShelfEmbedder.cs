using Calango.Sdk;

namespace Calango.Plugins.LocalModels;

// An embedder whose files are here. Refusal: why it cannot be used, in plain English.
internal sealed record ShelfEmbedder(
    string Id,
    string Name,
    string ModelPath,
    string TokenizerPath,
    int WindowTokens,
    int Dimensions,
    string Pooling,
    string WeightsSha256,
    IReadOnlyList<string> Languages,
    bool IsManaged = false,
    string? Refusal = null)
{
    public const string MeanPooling = "mean";

    // The program around the weights, and a text's intermediate results.
    private const long RunningBytes = 75_000_000;

    public long MemoryBytes => new FileInfo(ModelPath).Length + RunningBytes;

    public EmbeddingModelInfo Describe() =>
        new(Id, Name, WindowTokens, Dimensions, $"sha256:{WeightsSha256}/{Pooling}/{Dimensions}", Languages, OnPremises: true);
}
