using Markdig.Helpers;

namespace Calango.Web.Markdown;

/// <summary>The opening line of a fenced code block (CommonMark 0.31.2, section 4.5).</summary>
internal sealed record Fence(char Mark, int Length, int Indent, string Info)
{
    public static Fence? Open(ReadOnlySpan<char> line)
    {
        var indent = Line.Indent(line);
        var content = line.Trim();
        if (indent > 3 || content.IsEmpty || content[0] is not ('`' or '~')) return null;
        var length = content.IndexOfAnyExcept(content[0]);
        if (length < 0) length = content.Length;
        var info = content[length..].Trim();
        if (length < 3 || (content[0] == '`' && info.Contains('`'))) return null;
        return new Fence(content[0], length, indent, HtmlHelper.Unescape(info.ToString()));
    }

    public bool IsClosedBy(ReadOnlySpan<char> line) => MayBeClosedBy(line) && line.Trim().Length >= Length;

    /// <summary>True while a line that is still arriving could become the closing one.</summary>
    public bool MayBeClosedBy(ReadOnlySpan<char> line) =>
        Line.Indent(line) <= 3 && !line.Trim().IsEmpty && !line.Trim().ContainsAnyExcept(Mark);

    /// <summary>A line of the code without the spaces that only line it up with its fence.</summary>
    public ReadOnlySpan<char> Unindent(ReadOnlySpan<char> line)
    {
        var spaces = line.IndexOfAnyExcept(' ');
        return line[Math.Min(Indent, Math.Max(spaces, 0))..];
    }
}
