namespace Calango.Web.Markdown;

/// <summary>What one line of Markdown can begin or end, by the rules of CommonMark 0.31.2, section 4 and 5.</summary>
internal static class Line
{
    private const int CodeIndent = 4;

    public static bool IsBlank(ReadOnlySpan<char> line) => line.TrimStart(" \t\n").IsEmpty;

    /// <summary>Leading white space in columns, tab stops each four.</summary>
    public static int Indent(ReadOnlySpan<char> line)
    {
        var column = 0;
        foreach (var character in line)
        {
            if (character == ' ') column++;
            else if (character == '\t') column += 4 - column % 4;
            else break;
        }

        return column;
    }

    public static bool IsIndentedCode(ReadOnlySpan<char> line) => Indent(line) >= CodeIndent;

    public static bool IsQuote(ReadOnlySpan<char> line) => Indent(line) < CodeIndent && line.Trim().StartsWith('>');

    public static bool IsHeading(ReadOnlySpan<char> line)
    {
        var content = line.Trim();
        var level = content.IndexOfAnyExcept('#');
        if (level < 0) level = content.Length;
        return Indent(line) < CodeIndent && level is >= 1 and <= 6 && (level == content.Length || content[level] is ' ' or '\t');
    }

    /// <summary>Three or more of *, - or _, with nothing else but spaces.</summary>
    public static bool IsRule(ReadOnlySpan<char> line)
    {
        var content = line.Trim();
        if (Indent(line) >= CodeIndent || content.IsEmpty || content[0] is not ('*' or '-' or '_')) return false;
        var marks = 0;
        foreach (var character in content)
        {
            if (character == content[0]) marks++;
            else if (character is not (' ' or '\t')) return false;
        }

        return marks >= 3;
    }

    /// <summary>The line under a heading: = or - only.</summary>
    public static bool IsUnderline(ReadOnlySpan<char> line)
    {
        var content = line.Trim();
        return Indent(line) < CodeIndent && !content.IsEmpty && content[0] is '=' or '-' && !content.ContainsAnyExcept(content[0]);
    }

    /// <summary>
    /// True while a line that is still arriving says nothing yet. A lone - under a paragraph is a heading for one moment
    /// and a list the next, and so is the number of an ordered list (at most nine digits: CommonMark 0.31.2, section 5.2):
    /// such a line is held back, so that nothing flashes.
    /// </summary>
    public static bool IsOnlyMarks(ReadOnlySpan<char> line)
    {
        var rest = line.TrimStart("-=*_#>`~|$+\\[: \t");
        var digits = rest.IndexOfAnyExceptInRange('0', '9') is var end and >= 0 ? end : rest.Length;
        return rest.IsEmpty || (digits is > 0 and < 10 && rest[digits..].TrimEnd() is "" or "." or ")");
    }

    /// <summary>The second line of a pipe table.</summary>
    public static bool IsTableDelimiter(ReadOnlySpan<char> line) =>
        line.Contains('-') && line.Contains('|') && !line.ContainsAnyExcept("|-: \t\n");
}
