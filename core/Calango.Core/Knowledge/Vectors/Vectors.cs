using System.Numerics;
using System.Numerics.Tensors;
using Calango.Sdk;

namespace Calango.Core.Knowledge;

/// <summary>What is done with vectors of one space.</summary>
internal static class Vectors
{
    /// <summary>The same direction with the length 1: the product of two such is their cosine.</summary>
    public static float[] Normalized(ReadOnlySpan<float> vector)
    {
        var norm = TensorPrimitives.Norm(vector);
        var normalized = new float[vector.Length];
        TensorPrimitives.Divide(vector, norm > 0 ? norm : 1, normalized);
        return normalized;
    }

    /// <summary>One bit a dimension, whether it is above 0: vectors that differ in few of them are likely to be near (Charikar 2002).</summary>
    public static void Signs(ReadOnlySpan<float> vector, Span<ulong> signs)
    {
        signs.Clear();
        for (var i = 0; i < vector.Length; i++)
        {
            if (vector[i] > 0)
            {
                signs[i / 64] |= 1UL << (i % 64);
            }
        }
    }

    /// <summary>How many ulongs the signs of a vector take.</summary>
    public static int SignLength(int dimensions) => (dimensions + 63) / 64;

    /// <summary>In how many signs two differ.</summary>
    public static int Differences(ReadOnlySpan<ulong> first, ReadOnlySpan<ulong> second)
    {
        var differences = 0;
        for (var i = 0; i < first.Length; i++)
        {
            differences += BitOperations.PopCount(first[i] ^ second[i]);
        }

        return differences;
    }

    /// <exception cref="ProviderException"><see cref="ProviderErrorKind.InvalidRequest"/>: one is not of the space.</exception>
    public static void RequireFit(IndexSpace space, IReadOnlyList<IndexVector> vectors)
    {
        if (vectors.Any(vector => vector.Values.Length != space.Dimensions))
        {
            throw new ProviderException(ProviderErrorKind.InvalidRequest);
        }
    }

    /// <inheritdoc cref="RequireFit(IndexSpace, IReadOnlyList{IndexVector})"/>
    public static void RequireFit(IndexSpace space, IndexQuery query)
    {
        if (query.Vector.Length != space.Dimensions)
        {
            throw new ProviderException(ProviderErrorKind.InvalidRequest);
        }
    }
}
