namespace Calango.Core.Knowledge;

/// <summary>Cuts a unit into its pieces. Put together again, they are its text.</summary>
internal static class UnitPieces
{
    // A log has no sentences; its lines are what belongs together.
    private const int LongSentence = 600;

    public static IEnumerable<Piece> Of(ExtractedUnit unit) => unit.Kind switch
    {
        UnitKind.Code => Code(unit),
        UnitKind.Paragraph => Marked(Sentences.Of(unit.Text).SelectMany(sentence => sentence.Length > LongSentence ? Lines(sentence) : [sentence]), unit),
        _ => Marked(Lines(unit.Text), unit),
    };

    /// <summary>The header of a table, which is repeated where that is divided; empty: it has none.</summary>
    public static string HeaderOf(string table)
    {
        var first = table.IndexOf('\n', StringComparison.Ordinal);
        var second = first < 0 ? -1 : table.IndexOf('\n', first + 1);
        return second >= 0 && table.StartsWith('|') && table[(first + 1)..second].All(letter => letter is '|' or '-' or ':' or ' ') ? table[..(second + 1)] : "";
    }

    private static IEnumerable<Piece> Marked(IEnumerable<string> parts, ExtractedUnit unit)
    {
        var all = parts.ToList();
        return all.Select((part, index) => new Piece(index == all.Count - 1 ? part + "\n\n" : part, unit.Page, index == 0 ? 2 : 0));
    }

    // Empty lines belong to what is before them.
    private static IEnumerable<Piece> Code(ExtractedUnit unit)
    {
        Piece? piece = null;
        foreach (var line in Lines(unit.Text))
        {
            if (piece is not null && string.IsNullOrWhiteSpace(line))
            {
                piece = piece with { Text = piece.Text + line };
                continue;
            }

            if (piece is not null)
            {
                yield return piece;
            }

            var isAfterEmpty = piece?.Text.EndsWith("\n\n", StringComparison.Ordinal) ?? true;
            piece = new Piece(line, unit.Page, !isAfterEmpty ? 0 : char.IsWhiteSpace(line[0]) ? 1 : 2);
        }

        if (piece is not null)
        {
            yield return piece;
        }
    }

    private static IEnumerable<string> Lines(string text)
    {
        var start = 0;
        for (var end = text.IndexOf('\n', StringComparison.Ordinal); end >= 0; end = text.IndexOf('\n', start))
        {
            yield return text[start..(end + 1)];
            start = end + 1;
        }

        if (start < text.Length)
        {
            yield return text[start..];
        }
    }
}
