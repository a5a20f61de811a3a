using System.Numerics.Tensors;

namespace Calango.Plugins.LocalModels;

// Brings the numbers of each token to mean zero and variance one, then to where the model learnt them to be.
internal sealed class Norm(SafeTensors weights, string name)
{
    private const float Smallest = 1e-12f;

    private readonly float[] _weight = weights.Floats(name + ".weight");
    private readonly float[] _bias = weights.Floats(name + ".bias");

    public float[] OfSum(float[] numbers, float[] added, int size)
    {
        TensorPrimitives.Add<float>(numbers, added, numbers);
        Apply(numbers, size);
        return numbers;
    }

    public void Apply(float[] numbers, int size)
    {
        for (var at = 0; at < numbers.Length; at += size)
        {
            var row = numbers.AsSpan(at, size);
            TensorPrimitives.Subtract(row, TensorPrimitives.Sum<float>(row) / size, row);
            TensorPrimitives.Multiply(row, 1 / MathF.Sqrt((TensorPrimitives.SumOfSquares<float>(row) / size) + Smallest), row);
            TensorPrimitives.MultiplyAdd(row, _weight, _bias, row);
        }
    }
}
