using Calango.Sdk;

namespace Calango.Plugins.LocalModels;

// An embedder whose files are here.
internal sealed record ShelfEmbedder(
    string Id, string Name, string ModelPath, string TokenizerPath, int WindowTokens, int Dimensions, string Fingerprint, IReadOnlyList<string> Languages)
{
    // The program around the weights, and a text's intermediate results.
    private const long RunningBytes = 75_000_000;

    public long MemoryBytes => new FileInfo(ModelPath).Length + RunningBytes;

    public EmbeddingModelInfo Describe() => new(Id, Name, WindowTokens, Dimensions, Fingerprint, Languages, OnPremises: true);
}
