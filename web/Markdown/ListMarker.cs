using System.Globalization;

namespace Calango.Web.Markdown;

/// <summary>The marker that opens a list item (CommonMark 0.31.2, section 5.2).</summary>
/// <param name="Type">-, + or * for a bullet, . or ) after a number: siblings share it.</param>
/// <param name="Number">The number, or null for a bullet.</param>
/// <param name="ContentColumn">Where the item's content starts: what stands there or further right belongs to it.</param>
/// <param name="IsEmpty">No content on the marker's own line.</param>
internal sealed record ListMarker(char Type, int? Number, int ContentColumn, bool IsEmpty)
{
    public bool CanInterruptParagraph => !IsEmpty && Number is null or 1;

    public static ListMarker? Open(ReadOnlySpan<char> line)
    {
        var indent = Line.Indent(line);
        var content = line.Trim();
        var width = MarkerWidth(content);
        if (indent > 3 || width == 0) return null;

        var rest = content[width..];
        if (!rest.IsEmpty && rest[0] is not (' ' or '\t')) return null;
        var number = int.TryParse(content[..(width - 1)], NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : (int?)null;
        var gap = Line.Indent(rest);
        var column = indent + width + (gap is >= 1 and <= 4 ? gap : 1);
        return new ListMarker(content[width - 1], number, column, rest.IsEmpty);
    }

    private static int MarkerWidth(ReadOnlySpan<char> content)
    {
        if (content.IsEmpty) return 0;
        if (content[0] is '-' or '+' or '*') return 1;
        var digits = content.IndexOfAnyExceptInRange('0', '9');
        return digits is >= 1 and <= 9 && content[digits] is '.' or ')' ? digits + 1 : 0;
    }
}
