using System.Numerics.Tensors;
using Calango.Sdk;

namespace Calango.Plugins.LocalModels;

// A model that is loaded: turns texts into vectors of length one. Thread-safe.
internal sealed class Embedder(ShelfEmbedder files, WordPieceTokenizer tokenizer, IEncoder network) : IDisposable
{
    private const int TextsBetweenReturns = 8;

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
            network.Run([tokenizer.Beginning, .. text, tokenizer.End], (numbers, size) => vectors[index] = Pool(numbers, size));
            if ((index + 1) % TextsBetweenReturns == 0)
            {
                FreedMemory.Return();
            }
        }

        return (vectors, pieces.Sum(text => text.Count));
    }

    public void Dispose() => network.Dispose();

    private float[] Pool(ReadOnlySpan<float> numbers, int size)
    {
        var vector = numbers[..size].ToArray();
        if (files.Pooling == ShelfEmbedder.MeanPooling)
        {
            for (var at = size; at < numbers.Length; at += size)
            {
                TensorPrimitives.Add(vector, numbers.Slice(at, size), vector);
            }
        }

        TensorPrimitives.Divide(vector, Math.Max(TensorPrimitives.Norm<float>(vector), 1e-12f), vector);
        return vector;
    }
}
