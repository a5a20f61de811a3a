using System.Numerics;
using Calango.Sdk;

namespace Calango.Plugins.LocalModels;

// A model that is loaded: turns texts into vectors of length one. Thread-safe.
internal sealed class Embedder(ShelfEmbedder files, WordPieceTokenizer tokenizer, OnnxModel network) : IDisposable
{
    public ShelfEmbedder Files => files;

    public WordPieceTokenizer Tokenizer => tokenizer;

    // The vectors in the order of the texts, and how many pieces all texts have.
    public (float[][] Vectors, int Tokens) Embed(IReadOnlyList<string> texts, CancellationToken cancellationToken)
    {
        var pieces = texts.Select(tokenizer.Encode).ToArray();
        if (Array.FindIndex(pieces, text => text.Count > files.WindowTokens) is var tooLong and >= 0)
        {
            throw new ProviderException(ProviderErrorKind.TextTooLong, $"Text {tooLong + 1} of {texts.Count} has {pieces[tooLong].Count} tokens; {files.WindowTokens} fit.");
        }

        // Each alone: weights of eight bits round what they read by the largest number of a batch, so that a text's vector would
        // depend on its neighbours, and one thread is no faster with many at once.
        var vectors = new float[texts.Count][];
        foreach (var (index, text) in pieces.Index())
        {
            cancellationToken.ThrowIfCancellationRequested();
            network.Run([tokenizer.Beginning, .. text, tokenizer.End], (numbers, size) => vectors[index] = Mean(numbers, size));
        }

        return (vectors, pieces.Sum(text => text.Count));
    }

    public void Dispose() => network.Dispose();

    // The mean over the tokens, of length one.
    private static float[] Mean(ReadOnlySpan<float> numbers, int size)
    {
        var sum = new float[size];
        for (var at = 0; at < numbers.Length; at += size)
        {
            Add(sum, numbers.Slice(at, size));
        }

        var norm = 0d;
        foreach (var number in sum)
        {
            norm += (double)number * number;
        }

        var scale = (float)(1 / Math.Max(Math.Sqrt(norm), 1e-12));
        for (var index = 0; index < size; index++)
        {
            sum[index] *= scale;
        }

        return sum;
    }

    private static void Add(Span<float> sum, ReadOnlySpan<float> numbers)
    {
        var index = 0;
        for (; index <= sum.Length - Vector<float>.Count; index += Vector<float>.Count)
        {
            (new Vector<float>(sum[index..]) + new Vector<float>(numbers[index..])).CopyTo(sum[index..]);
        }

        for (; index < sum.Length; index++)
        {
            sum[index] += numbers[index];
        }
    }
}
