using System.Buffers;

namespace Calango.Web.Markdown;

internal static class Html
{
    private static readonly SearchValues<char> Special = SearchValues.Create("&<>\"'");

    /// <summary>
    /// Text for an element or a quoted attribute. The framework's encoders write every emoji and some accents as numbers,
    /// up to nine bytes each; these five are all that HTML needs.
    /// </summary>
    public static string Escape(string text) => !text.AsSpan().ContainsAny(Special)
        ? text
        : text.Replace("&", "&amp;").Replace("<", "&lt;").Replace(">", "&gt;").Replace("\"", "&quot;").Replace("'", "&#39;");
}
