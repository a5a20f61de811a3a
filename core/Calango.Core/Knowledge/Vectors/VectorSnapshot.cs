using Calango.Sdk;

namespace Calango.Core.Knowledge;

/// <summary>Vectors of an edition: where they are in the file, which numbers they have, and to which passages they belong.</summary>
internal sealed record VectorSegment(Guid Edition, int FirstRow, long[] Numbers, long[] Passages, ulong[] Signs)
{
    /// <summary>What is left of it, in parts that lie side by side in the file, where some of its vectors are gone.</summary>
    public IEnumerable<VectorSegment> Without(IReadOnlySet<long> numbers, int dimensions)
    {
        var length = Vectors.SignLength(dimensions);
        for (var (begin, end) = (0, 0); begin < Numbers.Length; begin = end + 1)
        {
            for (end = begin; end < Numbers.Length && !numbers.Contains(Numbers[end]); end++)
            {
            }

            if (end > begin)
            {
                yield return begin == 0 && end == Numbers.Length ? this
                    : new VectorSegment(Edition, FirstRow + begin, Numbers[begin..end], Passages[begin..end], Signs[(begin * length)..(end * length)]);
            }
        }
    }
}

/// <summary>
/// The vectors of a space as they were at one moment. A search compares the signs of all and then, exactly, the vectors of those
/// that differ least. Immutable.
/// </summary>
internal sealed class VectorSnapshot
{
    // So many are compared exactly, however few are wanted: with fewer, signs would miss some that are near.
    private const int LeastExact = 4_096;
    private const int ExactPerWanted = 20;

    private readonly VectorFile _file;
    private readonly int _dimensions;
    private readonly int _signLength;
    private readonly Lazy<(long[] Passages, int[] Rows)> _byPassage;

    public VectorSnapshot(VectorFile file, int dimensions, IReadOnlyList<VectorSegment> segments)
    {
        (_file, _dimensions, Segments) = (file, dimensions, segments);
        _signLength = Vectors.SignLength(dimensions);
        _byPassage = new(ByPassage);
    }

    public IReadOnlyList<VectorSegment> Segments { get; }

    /// <summary>The nearest passages, the nearest first.</summary>
    /// <param name="vector">Its length is 1.</param>
    /// <param name="most">At most so many.</param>
    public List<NearPassage> Nearest(float[] vector, int most)
    {
        var likely = Likely(vector, Math.Max(LeastExact, most * ExactPerWanted));
        var rows = Array.ConvertAll(likely, entry => entry.Row);
        var cosines = new float[rows.Length];
        _file.Compare(vector, rows, cosines);
        return Best(likely.Zip(cosines, (entry, cosine) => (entry.Passage, cosine)), most);
    }

    /// <summary>The same among some passages, those of them that are here.</summary>
    public List<NearPassage> Among(float[] vector, IReadOnlyCollection<long> passages, int most)
    {
        var known = passages.Distinct().SelectMany(passage => RowsOf(passage).Select(row => (Row: row, Passage: passage))).OrderBy(entry => entry.Row).ToList();
        var cosines = new float[known.Count];
        _file.Compare(vector, [.. known.Select(entry => entry.Row)], cosines);
        return Best(known.Zip(cosines, (entry, cosine) => (entry.Passage, cosine)), most);
    }

    private static List<NearPassage> Best(IEnumerable<(long Passage, float Cosine)> compared, int most) =>
        [.. compared.GroupBy(entry => entry.Passage, (passage, windows) => new NearPassage(passage, windows.Max(entry => entry.Cosine)))
            .OrderByDescending(near => near.Cosine).ThenBy(near => near.Passage).Take(most)];

    // Those that differ in the fewest signs, in the order of the file.
    private (int Row, long Passage)[] Likely(float[] vector, int most)
    {
        var signs = new ulong[_signLength];
        Vectors.Signs(vector, signs);
        var limit = MostDifferences(signs, most);
        var likely = new List<(int Row, long Passage)>();
        foreach (var segment in Segments)
        {
            for (var i = 0; i < segment.Passages.Length; i++)
            {
                if (limit >= _dimensions || Vectors.Differences(signs, SignsOf(segment, i)) <= limit)
                {
                    likely.Add((segment.FirstRow + i, segment.Passages[i]));
                }
            }
        }

        return [.. likely.OrderBy(entry => entry.Row)];
    }

    private int MostDifferences(ulong[] signs, int most)
    {
        if (Segments.Sum(segment => segment.Passages.Length) <= most)
        {
            return _dimensions;
        }

        var having = new int[(_signLength * 64) + 1];
        foreach (var segment in Segments)
        {
            for (var i = 0; i < segment.Passages.Length; i++)
            {
                having[Vectors.Differences(signs, SignsOf(segment, i))]++;
            }
        }

        var (limit, sum) = (0, having[0]);
        while (sum + having[limit + 1] <= most)
        {
            sum += having[++limit];
        }

        return limit;
    }

    private ReadOnlySpan<ulong> SignsOf(VectorSegment segment, int index) => segment.Signs.AsSpan(index * _signLength, _signLength);

    private IEnumerable<int> RowsOf(long passage)
    {
        var (passages, rows) = _byPassage.Value;
        var at = Array.BinarySearch(passages, passage);
        while (at > 0 && passages[at - 1] == passage)
        {
            at--;
        }

        for (; at >= 0 && at < passages.Length && passages[at] == passage; at++)
        {
            yield return rows[at];
        }
    }

    private (long[] Passages, int[] Rows) ByPassage()
    {
        var passages = Segments.SelectMany(segment => segment.Passages).ToArray();
        var rows = Segments.SelectMany(segment => Enumerable.Range(segment.FirstRow, segment.Passages.Length)).ToArray();
        Array.Sort(passages, rows);
        return (passages, rows);
    }
}
