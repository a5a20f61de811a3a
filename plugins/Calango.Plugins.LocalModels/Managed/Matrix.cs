using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Calango.Plugins.LocalModels;

// Rows by rows: each row of the result holds the products of a row of the left with every row of the right.
internal static class Matrix
{
    // So many rows of the right are read again and again while they are in the processor's nearest memory.
    private const int Block = 32;

    public static void MultiplyRows(ReadOnlySpan<float> left, ReadOnlySpan<float> right, ReadOnlySpan<float> bias, Span<float> result, int size)
    {
        var (rows, columns) = (left.Length / size, right.Length / size);
        for (var block = 0; block < columns; block += Block)
        {
            var end = Math.Min(block + Block, columns);
            var row = 0;
            for (; row + 3 < rows; row += 4)
            {
                var column = block;
                for (; column + 1 < end; column += 2)
                {
                    FourByTwo(left[(row * size)..], right[(column * size)..], result[((row * columns) + column)..], size, columns);
                }

                for (; column < end; column++)
                {
                    for (var each = row; each < row + 4; each++)
                    {
                        result[(each * columns) + column] = Dot(left.Slice(each * size, size), right.Slice(column * size, size));
                    }
                }
            }

            for (; row < rows; row++)
            {
                for (var column = block; column < end; column++)
                {
                    result[(row * columns) + column] = Dot(left.Slice(row * size, size), right.Slice(column * size, size));
                }
            }
        }

        for (var row = 0; row < rows && bias.Length > 0; row++)
        {
            var sums = result.Slice(row * columns, columns);
            System.Numerics.Tensors.TensorPrimitives.Add(sums, bias, sums);
        }
    }

    private static float Dot(ReadOnlySpan<float> left, ReadOnlySpan<float> right) => System.Numerics.Tensors.TensorPrimitives.Dot(left, right);

    // Eight sums at once: each number that is read counts in several products. The size is a whole number of vectors.
    private static void FourByTwo(ReadOnlySpan<float> left, ReadOnlySpan<float> right, Span<float> result, int size, int columns)
    {
        ref var a = ref MemoryMarshal.GetReference(left);
        ref var b = ref MemoryMarshal.GetReference(right);
        Vector<float> s00 = default, s01 = default, s10 = default, s11 = default, s20 = default, s21 = default, s30 = default, s31 = default;
        for (nuint at = 0; at < (nuint)size; at += (nuint)Vector<float>.Count)
        {
            var (b0, b1) = (Load(ref b, at), Load(ref b, at + (nuint)size));
            var a0 = Load(ref a, at);
            s00 = Vector.FusedMultiplyAdd(a0, b0, s00);
            s01 = Vector.FusedMultiplyAdd(a0, b1, s01);
            var a1 = Load(ref a, at + (nuint)size);
            s10 = Vector.FusedMultiplyAdd(a1, b0, s10);
            s11 = Vector.FusedMultiplyAdd(a1, b1, s11);
            var a2 = Load(ref a, at + (nuint)(2 * size));
            s20 = Vector.FusedMultiplyAdd(a2, b0, s20);
            s21 = Vector.FusedMultiplyAdd(a2, b1, s21);
            var a3 = Load(ref a, at + (nuint)(3 * size));
            s30 = Vector.FusedMultiplyAdd(a3, b0, s30);
            s31 = Vector.FusedMultiplyAdd(a3, b1, s31);
        }

        (result[0], result[1]) = (Vector.Sum(s00), Vector.Sum(s01));
        (result[columns], result[columns + 1]) = (Vector.Sum(s10), Vector.Sum(s11));
        (result[2 * columns], result[(2 * columns) + 1]) = (Vector.Sum(s20), Vector.Sum(s21));
        (result[3 * columns], result[(3 * columns) + 1]) = (Vector.Sum(s30), Vector.Sum(s31));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<float> Load(ref float start, nuint at) => Vector.LoadUnsafe(ref start, at);
}
