namespace Calango.Core.Knowledge;

/// <summary>
/// Splits documents into passages that a model can embed: along titles, tables and code first, then at paragraphs and
/// sentences. Every word of the document is in a window; none is cut off in silence. Thread-safe.
/// </summary>
internal sealed class Splitter
{
    // No passage is longer than this many windows; a sentence or row that is, is cut nevertheless.
    private const int MostWindows = 4;

    /// <summary>The passages, in order.</summary>
    public async Task<IReadOnlyList<PassageDraft>> SplitAsync(
        ExtractedDocument document, SplitOptions options, Func<IReadOnlyList<string>, CancellationToken, Task<IReadOnlyList<int>>> countTokens, CancellationToken cancellationToken)
    {
        var counter = new TokenCounter(countTokens);
        var passages = new List<PassageDraft>();
        var said = new HashSet<string>();
        foreach (var section in Sections(document.Units))
        {
            var path = await TitlePath.OfAsync(section[0].Headings, options.WindowTokens, counter, cancellationToken);
            // What the titles' place has no room for is text like any other, once.
            foreach (var title in path.LeftOut.Where(said.Add))
            {
                await SplitSectionAsync([new ExtractedUnit(UnitKind.Paragraph, [], section[0].Page, title)], new TitlePath("", 0, []), options, counter, passages, cancellationToken);
            }

            await SplitSectionAsync(section, path, options, counter, passages, cancellationToken);
        }

        return passages;
    }

    // Paragraphs and lists under one title belong together; a table or code is by itself.
    private static IEnumerable<List<ExtractedUnit>> Sections(IReadOnlyList<ExtractedUnit> units)
    {
        var section = new List<ExtractedUnit>();
        foreach (var unit in units)
        {
            if (section.Count > 0 && !(IsText(unit) && IsText(section[0]) && unit.Headings.SequenceEqual(section[0].Headings)))
            {
                yield return section;
                section = [];
            }

            section.Add(unit);
        }

        if (section.Count > 0)
        {
            yield return section;
        }
    }

    private static bool IsText(ExtractedUnit unit) => unit.Kind is UnitKind.Paragraph or UnitKind.List;

    private static async Task SplitSectionAsync(List<ExtractedUnit> section, TitlePath path, SplitOptions options, TokenCounter counter, List<PassageDraft> passages, CancellationToken cancellationToken)
    {
        // A passage that is to be longer than the model reads at once is placed in parts.
        var window = options.WindowTokens - path.Tokens;
        var room = Math.Max(1, Math.Min(options.ChunkTokens, options.ChunkTokens <= options.WindowTokens ? window : window * MostWindows));
        var (header, headerTokens) = await HeaderAsync(section[0], room, counter, cancellationToken);
        var budget = room - headerTokens;
        var overlap = IsText(section[0]) ? Math.Clamp(options.OverlapTokens, 0, budget / 2) : 0;
        var longest = Math.Max(budget, (window - headerTokens) * MostWindows);
        var pieces = await PiecesAsync(section, header, budget, longest, counter, cancellationToken);
        var windows = new PassageWindows(path, header, options, counter);
        foreach (var (start, _, end) in PiecePacker.Pack(pieces, budget, overlap))
        {
            var own = pieces.Take(end).Skip(start).ToList();
            var text = Trimmed(string.Concat(own.Select(piece => piece.Text)), section[0].Kind);
            if (text.Length > 0)
            {
                var kind = section.TrueForAll(unit => unit.Kind == section[0].Kind) ? section[0].Kind : UnitKind.Paragraph;
                passages.Add(new PassageDraft(
                    string.Join(TitlePath.Between, section[0].Headings), own[0].Page, own[^1].Page, kind, header + text, await windows.OfAsync(text, cancellationToken), headerTokens + own.Sum(piece => piece.Tokens)));
            }
        }
    }

    // One that would take half of each passage is a row like the others.
    private static async Task<(string Text, int Tokens)> HeaderAsync(ExtractedUnit unit, int room, TokenCounter counter, CancellationToken cancellationToken)
    {
        var header = unit.Kind == UnitKind.Table ? UnitPieces.HeaderOf(unit.Text) : "";
        var tokens = await counter.CountAsync(header, cancellationToken);
        return tokens * 2 <= room && header.Length < unit.Text.Length ? (header, tokens) : ("", 0);
    }

    private static async Task<List<Piece>> PiecesAsync(List<ExtractedUnit> section, string header, int budget, int longest, TokenCounter counter, CancellationToken cancellationToken)
    {
        var counted = await CountAsync([.. section.SelectMany(unit => UnitPieces.Of(unit with { Text = unit.Text[header.Length..] }))], counter, cancellationToken);
        var pieces = new List<Piece>(counted.Count);
        foreach (var piece in counted)
        {
            pieces.AddRange(piece.Tokens <= longest ? [piece] : await CutAsync(piece, budget, counter, cancellationToken));
        }

        return pieces;
    }

    private static async Task<List<Piece>> CutAsync(Piece piece, int budget, TokenCounter counter, CancellationToken cancellationToken)
    {
        var parts = await Words.PartsAsync(piece.Text, budget, 0, counter, cancellationToken);
        return await CountAsync([.. parts.Select((part, index) => piece with { Text = part, Break = index == 0 ? piece.Break : 0 })], counter, cancellationToken);
    }

    private static async Task<List<Piece>> CountAsync(List<Piece> pieces, TokenCounter counter, CancellationToken cancellationToken) =>
        [.. pieces.Zip(await counter.CountAsync([.. pieces.Select(piece => piece.Text)], cancellationToken), (piece, tokens) => piece with { Tokens = tokens })];

    private static string Trimmed(string text, UnitKind kind) => kind == UnitKind.Code ? text.Trim('\n') : text.Trim();
}
