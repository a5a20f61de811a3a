using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Calango.Sdk;

namespace Calango.Core.Knowledge;

/// <summary>What a page of the web is called, and its text in an encoding that needs no telling.</summary>
internal static partial class PageName
{
    private const int Beginning = 64 * 1024;
    private const int LongestTitle = 200;

    private static readonly byte[] Utf8Mark = [0xEF, 0xBB, 0xBF];

    public static bool IsHtml(WebDocument page) => page.MediaType is "text/html" or "application/xhtml+xml";

    /// <summary>Its title, or where it is.</summary>
    public static string Of(WebDocument page, byte[] body)
    {
        var title = IsHtml(page) && Title().Match(Encoding.UTF8.GetString(body, 0, Math.Min(body.Length, Beginning))) is { Success: true } match
            ? Space().Replace(WebUtility.HtmlDecode(match.Groups[1].Value), " ").Trim()
            : Uri.UnescapeDataString(page.Address.Segments[^1]).Trim('/');
        var cut = title.Length > LongestTitle ? title[..LongestTitle] : title;
        return new string([.. cut.Where(letter => !char.IsControl(letter))]) is { Length: > 0 } named ? named : $"{page.Address.Host}{page.Address.PathAndQuery}";
    }

    /// <summary>Its bytes; where its server says in which encoding they are, in UTF-8 with the mark of that, whatever the page says.</summary>
    public static byte[] BodyOf(WebDocument page)
    {
        if (!IsHtml(page) || page.Charset is not { } charset || page.Body.AsSpan().StartsWith(Utf8Mark))
        {
            return page.Body;
        }

        try
        {
            var encoding = CodePagesEncodingProvider.Instance.GetEncoding(charset) ?? Encoding.GetEncoding(charset);
            return [.. Utf8Mark, .. Encoding.UTF8.GetBytes(encoding.GetString(page.Body))];
        }
        catch (ArgumentException)
        {
            return page.Body;
        }
    }

    [GeneratedRegex(@"<title[^>]*>([^<]*)</title", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex Title();

    [GeneratedRegex(@"\s+", RegexOptions.NonBacktracking)]
    private static partial Regex Space();
}
