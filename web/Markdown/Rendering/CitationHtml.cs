using System.Globalization;
using Markdig.Renderers;
using Markdig.Renderers.Html;

namespace Calango.Web.Markdown.Rendering;

/// <summary>Links from a citation to the sources that stand below the answer.</summary>
internal sealed class CitationHtml : HtmlObjectRenderer<Citation>
{
    /// <summary>The id of a source of an answer.</summary>
    public static string IdOf(string idPrefix, int number) => string.Create(CultureInfo.InvariantCulture, $"{idPrefix}-source-{number}");

    protected override void Write(HtmlRenderer renderer, Citation citation)
    {
        foreach (var number in citation.Numbers)
        {
            renderer.Write($"<a class=\"cite\" href=\"#{IdOf(citation.IdPrefix, number)}\">{number}</a>");
        }
    }
}
