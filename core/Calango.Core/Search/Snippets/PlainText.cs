using System.Buffers;
using System.Text;

namespace Calango.Core.Search;

/// <summary>
/// Reads Markdown as a person does who sees it rendered: without the signs of headings, lists, tables, emphasis, links
/// and code, and without HTML tags. What is left is text and never markup, whatever it looks like. Takes time in
/// proportion to the length, of hostile texts too.
/// </summary>
internal static class PlainText
{
    private static readonly SearchValues<char> DelimiterCharacters = SearchValues.Create("-:| \t");

    /// <summary>The text without its signs, and without white space around it.</summary>
    public static string Of(string markdown)
    {
        var text = new StringBuilder(markdown.Length);
        var paragraph = new StringBuilder();
        var fence = default(Fence);
        var isTable = false;
        var rest = markdown.AsSpan();
        while (!rest.IsEmpty)
        {
            var line = TakeLine(ref rest);
            if (fence.IsOpen)
            {
                if (fence.IsClosedBy(line))
                {
                    fence = default;
                }
                else
                {
                    text.Append(line).Append('\n');
                }

                continue;
            }

            fence = Fence.Of(line);
            var isDelimiter = IsDelimiter(line);
            isTable = line.Contains('|') && (isTable || isDelimiter || line.TrimStart().StartsWith('|') || IsDelimiter(TakeLine(rest)));
            var content = TakeMarks(line, out var startsBlock);
            if (fence.IsOpen || isDelimiter || isTable || startsBlock || content.IsEmpty)
            {
                Flush(text, paragraph, isTable: false);
            }

            if (!fence.IsOpen && !isDelimiter)
            {
                paragraph.Append(content).Append('\n');
            }

            if (isTable)
            {
                Flush(text, paragraph, isTable: true);
            }
        }

        Flush(text, paragraph, isTable: false);
        return text.ToString().Trim();
    }

    private static void Flush(StringBuilder text, StringBuilder paragraph, bool isTable)
    {
        if (paragraph.Length == 0)
        {
            return;
        }

        new PlainInline(paragraph.ToString(), isTable).AppendTo(text);
        paragraph.Clear();
    }

    // The line under a heading or a table's head, or a rule: signs alone.
    private static bool IsDelimiter(ReadOnlySpan<char> line)
    {
        var signs = line.Trim();
        return signs.Length > 1 && (signs.ContainsAnyExcept(DelimiterCharacters) ? IsRule(signs) : signs[0] == '|' || signs.Contains("--", StringComparison.Ordinal));
    }

    private static bool IsRule(ReadOnlySpan<char> signs) =>
        signs[0] is '*' or '_' or '=' && !signs.ContainsAnyExcept(signs[0], ' ', '\t') && (signs[0] == '=' || signs.Count(signs[0]) > 2);

    // Quotes, list items, tasks and headings, within each other as they may stand.
    private static ReadOnlySpan<char> TakeMarks(ReadOnlySpan<char> line, out bool startsBlock)
    {
        startsBlock = false;
        var content = line.Trim();
        while (MarkLength(content) is > 0 and var length)
        {
            startsBlock |= content[0] != '>';
            content = content[length..].TrimStart();
        }

        var isTask = startsBlock && (content.StartsWith("[ ] ") || content.StartsWith("[x] ") || content.StartsWith("[X] "));
        return isTask ? content[4..] : startsBlock && content.EndsWith('#') ? WithoutClosing(content) : content;
    }

    // Of a heading: "Title ##", but "C#" whole.
    private static ReadOnlySpan<char> WithoutClosing(ReadOnlySpan<char> heading)
    {
        var title = heading.TrimEnd('#');
        return title.IsEmpty || char.IsWhiteSpace(title[^1]) ? title.TrimEnd() : heading;
    }

    private static int MarkLength(ReadOnlySpan<char> content)
    {
        if (content.IsEmpty)
        {
            return 0;
        }

        var length = content[0] switch { '#' => content.IndexOfAnyExcept('#'), '-' or '+' or '*' => 1, _ => 0 };
        return content[0] == '>' ? 1 : length is > 0 and <= 6 && length < content.Length && content[length] is ' ' or '\t' ? length : 0;
    }

    private static ReadOnlySpan<char> TakeLine(ref ReadOnlySpan<char> rest)
    {
        var line = TakeLine(rest);
        rest = rest[Math.Min(rest.Length, line.Length + 1)..];
        return line;
    }

    private static ReadOnlySpan<char> TakeLine(ReadOnlySpan<char> rest)
    {
        var end = rest.IndexOf('\n');
        return end < 0 ? rest : rest[..end];
    }

    private readonly record struct Fence(char Sign, int Length)
    {
        public bool IsOpen => Length > 0;

        public static Fence Of(ReadOnlySpan<char> line)
        {
            var content = line.Trim(" \t>\r");
            if (content.IsEmpty || content[0] is not ('`' or '~'))
            {
                return default;
            }

            var length = LengthOf(content, content[0]);
            return length < 3 || (content[0] == '`' && content[length..].Contains('`')) ? default : new Fence(content[0], length);
        }

        public bool IsClosedBy(ReadOnlySpan<char> line)
        {
            var content = line.Trim(" \t>\r");
            return content.Length >= Length && LengthOf(content, Sign) == content.Length;
        }

        private static int LengthOf(ReadOnlySpan<char> content, char sign) =>
            content.IndexOfAnyExcept(sign) is >= 0 and var length ? length : content.Length;
    }
}
