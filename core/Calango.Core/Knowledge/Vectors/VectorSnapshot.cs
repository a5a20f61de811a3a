namespace Calango.Core.Knowledge;

/// <summary>A passage and how near it is to a question, as a cosine.</summary>
internal readonly record struct NearPassage(long Number, float Cosine);

/// <summary>The vectors of an edition: where they are in the file, and to which passages they belong.</summary>
internal sealed record VectorSegment(Guid Edition, int FirstRow, long[] Passages, ulong[] Signs);

/// <summary>
/// The vectors of a collection as they were at one moment. A search compares the signs of all and then, exactly, the vectors of those
/// that differ least. Immutable.
/// </summary>
internal sealed class VectorSnapshot
{
    // So many are compared exactly, however few are wanted: with fewer, signs would miss some that are near.
    private const int LeastExact = 4_096;
    private const int ExactPerWanted = 20;

    private readonly VectorFile _file;
    private readonly int _signLength;
    private readonly Lazy<Dictionary<long, (int Row, int Count)>> _rows;

    public VectorSnapshot(long version, string fingerprint, VectorFile file, int dimensions, IReadOnlyList<VectorSegment> segments)
    {
        (Version, Fingerprint, _file, Dimensions, Segments) = (version, fingerprint, file, dimensions, segments);
        _signLength = Vectors.SignLength(dimensions);
        _rows = new(RowsByPassage);
    }

    /// <summary>The collection's, at that moment.</summary>
    public long Version { get; }

    /// <summary>The space.</summary>
    public string Fingerprint { get; }

    /// <summary>How long the vectors are.</summary>
    public int Dimensions { get; }

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
        return [.. likely.Zip(cosines, (entry, cosine) => new NearPassage(entry.Passage, cosine))
            .GroupBy(near => near.Number, (number, windows) => new NearPassage(number, windows.Max(near => near.Cosine)))
            .OrderByDescending(near => near.Cosine).ThenBy(near => near.Number).Take(most)];
    }

    /// <summary>How near some passages are, those of them that have a place.</summary>
    public Dictionary<long, float> CosinesOf(float[] vector, IReadOnlyCollection<long> passages)
    {
        var known = passages.Where(_rows.Value.ContainsKey).Select(number => (Number: number, _rows.Value[number].Row, _rows.Value[number].Count)).OrderBy(entry => entry.Row).ToList();
        var rows = known.SelectMany(entry => Enumerable.Range(entry.Row, entry.Count)).ToArray();
        var cosines = new float[rows.Length];
        _file.Compare(vector, rows, cosines);
        var (nearest, at) = (new Dictionary<long, float>(known.Count), 0);
        foreach (var (number, _, count) in known)
        {
            nearest[number] = cosines.AsSpan(at, count).ToArray().Max();
            at += count;
        }

        return nearest;
    }

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
                if (limit >= Dimensions || Vectors.Differences(signs, SignsOf(segment, i)) <= limit)
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
            return Dimensions;
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

    private Dictionary<long, (int Row, int Count)> RowsByPassage()
    {
        var rows = new Dictionary<long, (int Row, int Count)>();
        foreach (var segment in Segments)
        {
            for (var i = 0; i < segment.Passages.Length; i++)
            {
                var passage = segment.Passages[i];
                rows[passage] = rows.TryGetValue(passage, out var known) ? (known.Row, known.Count + 1) : (segment.FirstRow + i, 1);
            }
        }

        return rows;
    }
}
