using Markdig.Renderers;
using Markdig.Renderers.Html;

namespace Calango.Web.Markdown.Rendering;

/// <summary>A formula as its TeX, which reads without script; the browser sets it where it can.</summary>
internal sealed class TexHtml : HtmlObjectRenderer<Tex>
{
    protected override void Write(HtmlRenderer renderer, Tex tex)
    {
        if (renderer.EnableHtmlForInline) renderer.Write(tex.Display ? "<span class=\"math\" data-math=\"display\">" : "<span class=\"math\" data-math>");
        renderer.WriteEscape(tex.Formula);
        if (renderer.EnableHtmlForInline) renderer.Write("</span>");
    }
}
