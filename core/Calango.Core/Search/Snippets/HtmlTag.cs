using System.Buffers;
using System.Collections.Frozen;

namespace Calango.Core.Search;

/// <summary>Tells a tag of HTML from what only looks like one, such as <c>List&lt;T&gt;</c>: by its name.</summary>
internal static class HtmlTag
{
    private static readonly SearchValues<char> NameCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789");

    private static readonly FrozenSet<string> WithinWords = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "a", "abbr", "b", "bdi", "bdo", "cite", "code", "del", "dfn", "em", "font", "i", "ins", "kbd", "label", "mark", "q", "s", "samp", "small", "span",
        "strike", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr");

    private static readonly FrozenSet<string> BetweenWords = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "address", "article", "aside", "audio", "blockquote", "body", "br", "button", "caption", "center", "col", "colgroup", "dd", "details", "div", "dl",
        "dt", "embed", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "head", "header", "hr", "html", "iframe", "img", "input",
        "li", "link", "main", "meta", "nav", "object", "ol", "option", "p", "picture", "pre", "script", "section", "select", "source", "style", "summary",
        "svg", "table", "tbody", "td", "textarea", "tfoot", "th", "thead", "title", "tr", "ul", "video");

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Within = WithinWords.GetAlternateLookup<ReadOnlySpan<char>>();
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Between = BetweenWords.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Whether it is one.</summary>
    /// <param name="inside">What stands between the angle brackets.</param>
    /// <param name="partsWords">Whether it breaks the line or the cell, so that two words meet there; the others may stand within one.</param>
    public static bool IsOne(ReadOnlySpan<char> inside, out bool partsWords)
    {
        var name = inside.TrimStart('/');
        var length = name.IndexOfAnyExcept(NameCharacters);
        name = length < 0 ? name : name[..length];
        partsWords = Between.Contains(name);
        return partsWords || Within.Contains(name);
    }
}
