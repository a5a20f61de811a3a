using System.Numerics.Tensors;

namespace Calango.Plugins.LocalModels;

internal static class Activation
{
    // x/2 · (1 + erf(x/√2)), with erf by formula 7.1.26 of Abramowitz and Stegun: within 1.5e-7.
    public static void Gelu(Span<float> numbers)
    {
        var scaled = new float[numbers.Length];
        var bells = new float[numbers.Length];
        TensorPrimitives.Abs(numbers, scaled);
        TensorPrimitives.Multiply(scaled, 0.70710678f, scaled);
        TensorPrimitives.Multiply<float>(scaled, scaled, bells);
        TensorPrimitives.Negate<float>(bells, bells);
        TensorPrimitives.Exp<float>(bells, bells);
        for (var index = 0; index < numbers.Length; index++)
        {
            var part = 1 / (1 + (0.3275911f * scaled[index]));
            var sum = part * (0.254829592f + (part * (-0.284496736f + (part * (1.421413741f + (part * (-1.453152027f + (part * 1.061405429f))))))));
            var erf = 1 - (sum * bells[index]);
            numbers[index] *= 0.5f * (1 + (numbers[index] < 0 ? -erf : erf));
        }
    }
}
