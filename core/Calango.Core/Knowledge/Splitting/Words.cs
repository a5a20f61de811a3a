namespace Calango.Core.Knowledge;

/// <summary>Cuts what has no better place for it: at words, and a word without end anywhere.</summary>
internal static class Words
{
    private const int LongWord = 1000;

    /// <summary>Parts of no more than this many tokens. Each but the first begins with some words of the one before.</summary>
    public static async Task<IReadOnlyList<string>> PartsAsync(string text, int budget, int overlap, TokenCounter counter, CancellationToken cancellationToken)
    {
        var pieces = new List<Piece>();
        foreach (var word in await CountedAsync(Of(text, LongWord), counter, cancellationToken))
        {
            // No model makes more than four tokens of a letter, so that a part of these always fits.
            pieces.AddRange(word.Tokens <= budget ? [word] : await CountedAsync(Of(word.Text, Math.Max(1, budget / 4)), counter, cancellationToken));
        }

        return [.. PiecePacker.Pack(pieces, budget, overlap).Select(part => string.Concat(pieces.Take(part.End).Skip(part.Start).Select(piece => piece.Text)))];
    }

    private static async Task<List<Piece>> CountedAsync(IEnumerable<string> parts, TokenCounter counter, CancellationToken cancellationToken)
    {
        var texts = parts.ToList();
        return [.. texts.Zip(await counter.CountAsync(texts, cancellationToken), (text, tokens) => new Piece(text, null, 0) { Tokens = tokens })];
    }

    // With the white space behind it.
    private static IEnumerable<string> Of(string text, int longest)
    {
        for (var start = 0; start < text.Length;)
        {
            var end = start;
            while (end < text.Length && end - start < longest && !(end > start && char.IsWhiteSpace(text[end - 1]) && !char.IsWhiteSpace(text[end])))
            {
                end++;
            }

            end += end < text.Length && char.IsHighSurrogate(text[end - 1]) && char.IsLowSurrogate(text[end]) ? 1 : 0;
            yield return text[start..end];
            start = end;
        }
    }
}
