using System.Text.RegularExpressions;
using AngleSharp.Html.Parser;

namespace Calango.Extraction;

/// <summary>A page of the web: what is on it, not what is around that.</summary>
internal static partial class HtmlReader
{
    public static void Read(string path, DocumentWriter document) => ReadPage(Bytes.ReadText(path, NamedEncoding), document);

    /// <summary>Adds the text of a page. No script of it runs, and nothing is fetched.</summary>
    public static void ReadPage(string html, DocumentWriter document)
    {
        using var page = new HtmlParser().ParseDocument(html);
        document.Title ??= page.Title;
        if (page.Body is { } body)
        {
            new HtmlWalk(document).Walk(MainPart.Of(body));
        }
    }

    private static string? NamedEncoding(string head) => Charset().Match(head) is { Success: true } match ? match.Groups[1].Value : null;

    [GeneratedRegex("""charset\s*=\s*["']?([A-Za-z0-9_-]+)""", RegexOptions.IgnoreCase)]
    private static partial Regex Charset();
}
