using System.Net;
using System.Text;

namespace Calango.Plugins.Tools;

/// <summary>
/// What a person would read of a page: headings, paragraphs, lists, tables and links, without the page's own furniture. One
/// pass over the text, whatever is in it: a tree builder takes minutes over tags that are nested without end.
/// </summary>
internal sealed class ReadableText
{
    private static readonly HashSet<string> Furniture = new(
        ["script", "style", "noscript", "template", "svg", "canvas", "iframe", "object", "nav", "button", "select", "dialog", "textarea"], StringComparer.OrdinalIgnoreCase);

    private static readonly HashSet<string> Blocks = new(
        ["p", "div", "section", "article", "main", "header", "footer", "aside", "ul", "ol", "table", "tr", "blockquote", "pre", "figure", "dl", "dt", "dd", "br", "hr", "li", "h1", "h2", "h3", "h4", "h5", "h6", "title"],
        StringComparer.OrdinalIgnoreCase);

    private readonly string _html;
    private readonly StringBuilder _text = new();
    private int _at;
    private string? _link;

    private ReadableText(string html) => _html = html;

    public static string Of(string html) => new ReadableText(html).Read();

    private string Read()
    {
        while (_at < _html.Length)
        {
            var tag = _html.IndexOf('<', _at);
            WriteWords(WebUtility.HtmlDecode(_html[_at..(tag < 0 ? _html.Length : tag)]));
            _at = tag < 0 ? _html.Length : tag;
            if (tag >= 0)
            {
                ReadTag();
            }
        }

        return _text.ToString().Trim();
    }

    private void ReadTag()
    {
        if (_html.AsSpan(_at).StartsWith("<!--", StringComparison.Ordinal))
        {
            SkipPast("-->");
            return;
        }

        var isEnd = _at + 1 < _html.Length && _html[_at + 1] == '/';
        var start = _at + (isEnd ? 2 : 1);
        var end = start;
        while (end < _html.Length && char.IsAsciiLetterOrDigit(_html[end]))
        {
            end++;
        }

        var name = _html[start..end];
        if (name.Length == 0 && !(start < _html.Length && _html[start] is '!' or '?' or '/'))
        {
            // A sign of its own: 1 < 2.
            WriteWords("<");
            _at++;
            return;
        }

        var close = EndOfTag(end);
        var attributes = _html[end..close];
        _at = Math.Min(close + 1, _html.Length);
        if (!isEnd && Furniture.Contains(name) && !attributes.EndsWith('/'))
        {
            SkipPast($"</{name}");
            SkipPast(">");
        }
        else
        {
            Write(name.ToLowerInvariant(), isEnd, attributes);
        }
    }

    // A > inside a quoted value is none.
    private int EndOfTag(int at)
    {
        for (var quote = '\0'; at < _html.Length && (quote != '\0' || _html[at] != '>'); at++)
        {
            quote = quote == '\0' ? (_html[at] is '"' or '\'' && _html[at - 1] == '=' ? _html[at] : '\0') : _html[at] == quote ? '\0' : quote;
        }

        return at;
    }

    private void Write(string name, bool isEnd, string attributes)
    {
        if (name == "a")
        {
            if (isEnd && _link is { } link)
            {
                _text.Append(" (").Append(link).Append(')');
            }

            _link = isEnd ? null : LinkOf(attributes);
        }
        else if (Blocks.Contains(name))
        {
            EndLine();
            _text.Append((name, isEnd) switch
            {
                ("title", false) => "# ",
                (['h', >= '1' and <= '6'], false) => "\n## ",
                ("li", false) => "- ",
                _ => "",
            });
        }
        else if (name is "td" or "th" && !isEnd)
        {
            _text.Append(_text.Length > 0 && _text[^1] == '\n' ? "| " : " | ");
        }
    }

    private static string? LinkOf(string attributes)
    {
        var at = attributes.IndexOf("href=", StringComparison.OrdinalIgnoreCase);
        var value = at < 0 ? "" : attributes[(at + 5)..].TrimStart();
        var address = WebUtility.HtmlDecode(value is ['"' or '\'', ..] ? value[1..].Split(value[0])[0] : value.Split(' ', '\n', '\t')[0]);
        return address.StartsWith("http", StringComparison.OrdinalIgnoreCase) && address.Length < 2000 ? address : null;
    }

    private void SkipPast(string end)
    {
        var found = _html.IndexOf(end, _at, StringComparison.OrdinalIgnoreCase);
        _at = found < 0 ? _html.Length : found + end.Length;
    }

    private void WriteWords(string words)
    {
        foreach (var character in words)
        {
            if (!char.IsWhiteSpace(character))
            {
                _text.Append(character);
            }
            else if (_text.Length > 0 && !char.IsWhiteSpace(_text[^1]))
            {
                _text.Append(' ');
            }
        }
    }

    private void EndLine()
    {
        while (_text.Length > 0 && _text[^1] == ' ')
        {
            _text.Length--;
        }

        if (_text.Length > 0 && _text[^1] != '\n')
        {
            _text.Append('\n');
        }
    }
}
