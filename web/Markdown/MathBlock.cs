namespace Calango.Web.Markdown;

/// <summary>Display math that stands alone: $$ … $$ or \[ … \], on one line or several, without a blank line inside.</summary>
internal static class MathBlock
{
    /// <summary>True when a line begins such a block, closed on the same line or not yet.</summary>
    public static bool Opens(ReadOnlySpan<char> line)
    {
        if (Line.Indent(line) > 3) return false;
        var text = line.Trim();
        var close = Closer(text);
        if (close is null) return false;
        var inside = text[2..].IndexOf(close);
        return inside < 0 || IsClosed(text);
    }

    public static bool IsClosed(ReadOnlySpan<char> block) => !Tex(block).IsEmpty;

    /// <summary>The formula of a closed block, else empty.</summary>
    public static ReadOnlySpan<char> Tex(ReadOnlySpan<char> block)
    {
        var text = block.Trim();
        var close = Closer(text);
        if (close is null || text.Length < 5 || !text.EndsWith(close)) return [];
        var tex = text[2..^2];
        return tex.Contains(close, StringComparison.Ordinal) ? [] : tex.Trim();
    }

    private static string? Closer(ReadOnlySpan<char> text) =>
        text.StartsWith("$$") ? "$$" : text.StartsWith("\\[") ? "\\]" : null;
}
