using System.Numerics.Tensors;

namespace Calango.Plugins.LocalModels;

// One layer: every token looks at all others, and then is thought over alone; both are added to what it was.
internal sealed class BertLayer
{
    private const int Heads = 12;

    private readonly Linear _query;
    private readonly Linear _key;
    private readonly Linear _value;
    private readonly Linear _attended;
    private readonly Norm _attendedNorm;
    private readonly Linear _inner;
    private readonly Linear _outer;
    private readonly Norm _outerNorm;

    public BertLayer(SafeTensors weights, string name)
    {
        _query = new Linear(weights, name + ".attention.self.query");
        _key = new Linear(weights, name + ".attention.self.key");
        _value = new Linear(weights, name + ".attention.self.value");
        _attended = new Linear(weights, name + ".attention.output.dense");
        _attendedNorm = new Norm(weights, name + ".attention.output.LayerNorm");
        _inner = new Linear(weights, name + ".intermediate.dense");
        _outer = new Linear(weights, name + ".output.dense");
        _outerNorm = new Norm(weights, name + ".output.LayerNorm");
    }

    public float[] Run(float[] states, int size)
    {
        var attended = _attendedNorm.OfSum(_attended.Of(Attend(states, size), size), states, size);
        var inner = _inner.Of(attended, size);
        Activation.Gelu(inner);
        return _outerNorm.OfSum(_outer.Of(inner, inner.Length / (states.Length / size)), attended, size);
    }

    private float[] Attend(float[] states, int size)
    {
        var (count, width) = (states.Length / size, size / Heads);
        var (queries, keys, values) = (_query.Of(states, size), _key.Of(states, size), _value.Of(states, size));
        var result = new float[states.Length];
        var (query, key, value) = (new float[count * width], new float[count * width], new float[width * count]);
        var (scores, mixed) = (new float[count * count], new float[count * width]);
        for (var head = 0; head < Heads; head++)
        {
            for (var token = 0; token < count; token++)
            {
                var from = (token * size) + (head * width);
                queries.AsSpan(from, width).CopyTo(query.AsSpan(token * width));
                keys.AsSpan(from, width).CopyTo(key.AsSpan(token * width));
                for (var number = 0; number < width; number++)
                {
                    value[(number * count) + token] = values[from + number];
                }
            }

            Matrix.MultiplyRows(query, key, [], scores, width);
            TensorPrimitives.Multiply(scores, 1 / MathF.Sqrt(width), scores);
            for (var token = 0; token < count; token++)
            {
                var row = scores.AsSpan(token * count, count);
                TensorPrimitives.SoftMax(row, row);
                for (var number = 0; number < width; number++)
                {
                    mixed[(token * width) + number] = TensorPrimitives.Dot<float>(row, value.AsSpan(number * count, count));
                }

                mixed.AsSpan(token * width, width).CopyTo(result.AsSpan((token * size) + (head * width)));
            }
        }

        return result;
    }

    private sealed class Linear(SafeTensors weights, string name)
    {
        private readonly float[] _weight = weights.Floats(name + ".weight");
        private readonly float[] _bias = weights.Floats(name + ".bias");

        public float[] Of(float[] input, int size)
        {
            var result = new float[input.Length / size * _bias.Length];
            Matrix.MultiplyRows(input, _weight, _bias, result, size);
            return result;
        }
    }
}
