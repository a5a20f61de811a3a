using System.Numerics.Tensors;
using System.Text.Json;

namespace Calango.Plugins.LocalModels;

// MiniLM's network in plain C#, for machines on which ONNX Runtime does not load: several times slower, the same vectors.
internal sealed class ManagedBert : IEncoder
{
    private const int Layers = 6;

    private readonly SafeTensors _weights;
    private readonly BertLayer[] _layers;
    private readonly Norm _norm;
    private readonly float[] _positions;
    private readonly float[] _kind;

    private ManagedBert(SafeTensors weights)
    {
        _weights = weights;
        _layers = [.. Enumerable.Range(0, Layers).Select(layer => new BertLayer(weights, $"encoder.layer.{layer}"))];
        _norm = new Norm(weights, "embeddings.LayerNorm");
        _positions = weights.Floats("embeddings.position_embeddings.weight");
        // Of the two, the first half of a pair; the other is never asked for.
        _kind = weights.Floats("embeddings.token_type_embeddings.weight")[..Size];
    }

    private static int Size => 384;

    /// <exception cref="InvalidDataException">The file is of another kind.</exception>
    public static ManagedBert Open(string path)
    {
        try
        {
            return new ManagedBert(SafeTensors.Read(path));
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException or InvalidOperationException or KeyNotFoundException or OverflowException)
        {
            throw new InvalidDataException($"{Path.GetFileName(path)} is damaged.", exception);
        }
    }

    public void Run(int[] tokens, TokenReader read)
    {
        var states = new float[tokens.Length * Size];
        // Most of the words are never asked for: they stay halves.
        var words = _weights.Halves("embeddings.word_embeddings.weight");
        foreach (var (place, token) in tokens.Index())
        {
            var state = states.AsSpan(place * Size, Size);
            TensorPrimitives.ConvertToSingle(words.Slice(token * Size, Size), state);
            TensorPrimitives.Add(state, _positions.AsSpan(place * Size, Size), state);
            TensorPrimitives.Add(state, _kind, state);
        }

        _norm.Apply(states, Size);
        foreach (var layer in _layers)
        {
            states = layer.Run(states, Size);
        }

        read(states, Size);
    }

    public void Dispose()
    {
    }
}
