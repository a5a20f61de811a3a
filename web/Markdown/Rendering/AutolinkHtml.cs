using Markdig.Renderers;
using Markdig.Renderers.Html;
using Markdig.Syntax.Inlines;

namespace Calango.Web.Markdown.Rendering;

/// <summary>An address in angle brackets.</summary>
internal sealed class AutolinkHtml : HtmlObjectRenderer<AutolinkInline>
{
    protected override void Write(HtmlRenderer renderer, AutolinkInline link)
    {
        var url = link.IsEmail ? "mailto:" + link.Url : link.Url;
        var asLink = renderer.EnableHtmlForInline && Target.IsLink(url);
        if (asLink) renderer.Write("<a href=\"").WriteEscapeUrl(url).Write(LinkHtml.OutsideAttributes);
        renderer.WriteEscape(link.Url);
        if (asLink) renderer.Write("</a>");
    }
}
