namespace Calango.Core.Knowledge;

/// <summary>Puts pieces together to passages, as many as fit.</summary>
internal static class PiecePacker
{
    /// <returns>Where each begins and ends, and from where on it has what none before it has.</returns>
    public static IEnumerable<(int Start, int Fresh, int End)> Pack(IReadOnlyList<Piece> pieces, int budget, int overlap)
    {
        var left = pieces.Sum(piece => (long)piece.Tokens);
        for (var (start, fresh) = (0, 0); fresh < pieces.Count;)
        {
            var shared = Tokens(pieces, start, fresh);
            var end = Fill(pieces, fresh, budget - shared);
            end = end < pieces.Count ? BestBreak(pieces, fresh, end, left, budget - overlap) : end;
            yield return (start, fresh, end);
            left -= Tokens(pieces, fresh, end);
            start = end < pieces.Count ? StartOfOverlap(pieces, fresh, end, Math.Min(overlap, budget - pieces[end].Tokens)) : end;
            fresh = end;
        }
    }

    private static int Fill(IReadOnlyList<Piece> pieces, int fresh, int room)
    {
        var end = fresh;
        long tokens = 0;
        while (end < pieces.Count && (end == fresh || tokens + pieces[end].Tokens <= room))
        {
            tokens += pieces[end++].Tokens;
        }

        return end;
    }

    // Where a paragraph or definition begins; else as late as possible. Where two more will do, near the middle of what is
    // left, so that no crumb remains.
    private static int BestBreak(IReadOnlyList<Piece> pieces, int fresh, int end, long left, int nextRoom)
    {
        var filled = Tokens(pieces, fresh, end);
        var isLastButOne = left < 2L * filled;
        var least = isLastButOne ? Math.Max(left / 3, left - nextRoom) : filled / 2;
        var aim = isLastButOne ? left / 2 : filled;
        var (best, bestTokens) = (end, (long)filled);
        long tokens = pieces[fresh].Tokens;
        for (var index = fresh + 1; index < end; tokens += pieces[index++].Tokens)
        {
            var gain = pieces[index].Break - pieces[best].Break;
            if (tokens >= least && (gain > 0 || (gain == 0 && Math.Abs(tokens - aim) < Math.Abs(bestTokens - aim))))
            {
                (best, bestTokens) = (index, tokens);
            }
        }

        return best;
    }

    private static int StartOfOverlap(IReadOnlyList<Piece> pieces, int fresh, int end, int most)
    {
        var start = end;
        long tokens = 0;
        while (start > fresh + 1 && tokens + pieces[start - 1].Tokens <= most)
        {
            tokens += pieces[--start].Tokens;
        }

        return start;
    }

    private static int Tokens(IReadOnlyList<Piece> pieces, int start, int end)
    {
        var tokens = 0;
        for (var index = start; index < end; index++)
        {
            tokens += pieces[index].Tokens;
        }

        return tokens;
    }
}
