using Markdig;
using Markdig.Extensions.Tables;
using Markdig.Extensions.TaskLists;
using Markdig.Parsers;
using Markdig.Parsers.Inlines;
using Markdig.Renderers;
using Markdig.Renderers.Html;
using Markdig.Renderers.Html.Inlines;

namespace Calango.Web.Markdown.Rendering;

/// <summary>Puts our parsers and our HTML in the place of Markdig's own.</summary>
internal sealed class AnswerExtension(MarkdownLabels labels, CodeFrameHtml codeFrame) : IMarkdownExtension
{
    public void Setup(MarkdownPipelineBuilder pipeline)
    {
        pipeline.BlockParsers.ReplaceOrAdd<ParagraphBlockParser>(new PlainParagraphParser());
        pipeline.InlineParsers.InsertBefore<EscapeInlineParser>(new TexParser());
        pipeline.InlineParsers.InsertBefore<LinkInlineParser>(new CitationParser());
    }

    public void Setup(MarkdownPipeline pipeline, IMarkdownRenderer renderer)
    {
        var html = (HtmlRenderer)renderer;
        html.ObjectRenderers.ReplaceOrAdd<CodeBlockRenderer>(new CodeHtml(codeFrame));
        html.ObjectRenderers.ReplaceOrAdd<LinkInlineRenderer>(new LinkHtml(labels));
        html.ObjectRenderers.ReplaceOrAdd<AutolinkInlineRenderer>(new AutolinkHtml());
        html.ObjectRenderers.ReplaceOrAdd<HtmlTableRenderer>(new TableHtml(labels));
        html.ObjectRenderers.ReplaceOrAdd<HtmlTaskListRenderer>(new TaskHtml(labels));
        html.ObjectRenderers.Add(new TexHtml());
        html.ObjectRenderers.Add(new CitationHtml());
    }
}
