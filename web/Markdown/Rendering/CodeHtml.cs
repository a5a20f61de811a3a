using Markdig.Renderers;
using Markdig.Renderers.Html;
using Markdig.Syntax;

namespace Calango.Web.Markdown.Rendering;

/// <summary>Code inside a list or a quote, and indented code. A fence of its own never comes here once its first line is complete.</summary>
internal sealed class CodeHtml(CodeFrameHtml frame) : HtmlObjectRenderer<CodeBlock>
{
    protected override void Write(HtmlRenderer renderer, CodeBlock code)
    {
        renderer.EnsureLine();
        renderer.Write(frame.Begin((code as FencedCodeBlock)?.Info ?? ""));
        renderer.WriteLeafRawLines(code, writeEndOfLines: true, escape: true);
        renderer.WriteLine(CodeFrameHtml.InnerEnd);
    }
}
