using Markdig.Renderers;
using Markdig.Renderers.Html;
using Markdig.Syntax;

namespace Calango.Web.Markdown.Rendering;

/// <summary>Code inside a list or a quote, and indented code. A fence of its own never comes here once its first line is complete.</summary>
internal sealed class CodeHtml(CodeFrameHtml frame) : HtmlObjectRenderer<CodeBlock>
{
    /// <summary>Under this key a document holds how many bars its code may still have.</summary>
    public static readonly object BarsLeft = new();

    protected override void Write(HtmlRenderer renderer, CodeBlock code)
    {
        renderer.EnsureLine();
        renderer.Write(frame.Begin((code as FencedCodeBlock)?.Info ?? "", TakeBar(code)));
        renderer.WriteLeafRawLines(code, writeEndOfLines: true, escape: true);
        renderer.WriteLine(CodeFrameHtml.InnerEnd);
    }

    private static bool TakeBar(Block code)
    {
        while (code.Parent is { } parent) code = parent;
        var left = (int)code.GetData(BarsLeft)!;
        code.SetData(BarsLeft, left - 1);
        return left > 0;
    }
}
