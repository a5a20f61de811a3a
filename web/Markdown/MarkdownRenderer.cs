using System.Buffers;
using System.Text;
using Calango.Web.Markdown.Rendering;
using Markdig;
using Markdig.Extensions.EmphasisExtras;
using Markdig.Extensions.Tables;
using Markdig.Syntax;

namespace Calango.Web.Markdown;

/// <summary>
/// Turns a model's Markdown into HTML that is safe to put into a page: no raw HTML, no script, no handler, style, id or
/// class out of the text, links only to http, https and mailto, images only from /files/. Thread-safe; make one for each
/// language and keep it.
/// </summary>
/// <remarks>
/// CommonMark 0.31.2 with pipe tables, task lists, strikethrough, bare links and math. Left out on purpose: raw HTML and
/// link reference definitions, which would make an early block depend on text that is not there yet.
/// </remarks>
public sealed class MarkdownRenderer
{
    private static readonly SearchValues<char> IdCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_");

    private readonly MarkdownPipeline pipeline;
    private readonly CodeFrameHtml codeFrame;

    /// <summary>Makes a renderer that speaks to its readers in <paramref name="labels"/>.</summary>
    public MarkdownRenderer(MarkdownLabels labels)
    {
        codeFrame = new CodeFrameHtml(labels);
        pipeline = new MarkdownPipelineBuilder()
            .DisableHtml()
            .UsePipeTables(new PipeTableOptions { UseHeaderForColumnCount = true })
            .UseTaskLists()
            .UseEmphasisExtras(EmphasisExtraOptions.Strikethrough)
            .UseAutoLinks()
            .Use(new AnswerExtension(labels, codeFrame))
            .Build();
    }

    /// <summary>
    /// Renders a stored answer, or with <paramref name="ended"/> false the beginning of one that is still running: the
    /// same blocks with the same ids as <see cref="MarkdownStream"/> gives, so its updates continue this page.
    /// </summary>
    /// <param name="markdown">The text, of any length and from anyone.</param>
    /// <param name="idPrefix">What every id begins with: letters, digits, - and _, unique in the page.</param>
    /// <param name="ended">False when more text will come: the last block is then marked <c>data-open</c>.</param>
    /// <param name="cites">Numbers in brackets lead to the answer's sources.</param>
    public string RenderAll(string markdown, string idPrefix, bool ended = true, bool cites = false)
    {
        CheckedPrefix(idPrefix);
        var splitter = new BlockSplitter();
        splitter.Append(markdown);
        if (ended) splitter.End();
        var html = new StringBuilder(markdown.Length * 2);
        var insideCode = false;
        foreach (var piece in splitter.TakeFinished()) Write(piece, open: false);
        if (!ended && splitter.Open() is { } last) Write(last, open: true);
        if (insideCode) html.Append(CodeFrameHtml.End);
        return html.ToString();

        void Write(Piece piece, bool open)
        {
            if (insideCode && piece is not Piece.CodeLines) html.Append(CodeFrameHtml.End);
            insideCode = piece is not Piece.Flow;
            html.Append(piece is Piece.CodeFrame frame ? codeFrame.Begin(frame, idPrefix) : Render(piece, idPrefix, open, cites).Html);
        }
    }

    internal BlockUpdate Render(Piece piece, string idPrefix, bool open, bool cites) => piece switch
    {
        Piece.CodeFrame frame => new(Ids.Block(idPrefix, piece.Block), codeFrame.Begin(frame, idPrefix) + CodeFrameHtml.End, true),
        Piece.CodeLines lines => new(
            Ids.Run(idPrefix, lines),
            $"<span id=\"{Ids.Run(idPrefix, lines)}\"{OpenMark(open)}>{Html.Escape(lines.Text)}</span>",
            !open,
            Ids.Code(idPrefix, piece.Block)),
        Piece.Flow flow => new(
            Ids.Block(idPrefix, piece.Block),
            $"<div class=\"block\" id=\"{Ids.Block(idPrefix, piece.Block)}\"{OpenMark(open)}>{Body(flow, cites ? idPrefix : null)}</div>\n",
            !open),
        _ => throw new ArgumentOutOfRangeException(nameof(piece)),
    };

    internal static string CheckedPrefix(string idPrefix) =>
        idPrefix.Length > 0 && !idPrefix.AsSpan().ContainsAnyExcept(IdCharacters)
            ? idPrefix
            : throw new ArgumentException("An id prefix has letters, digits, - and _ only.", nameof(idPrefix));

    private static string OpenMark(bool open) => open ? " data-open" : "";

    private string Body(Piece.Flow flow, string? cited)
    {
        var tex = MathBlock.Tex(flow.Text);
        if (!tex.IsEmpty) return $"<div class=\"math\" data-math=\"display\">{Html.Escape(tex.ToString())}</div>";
        if (!Effort.IsBounded(flow.Text)) return Plain(flow.Text);
        try
        {
            var document = Markdig.Markdown.Parse(flow.Text, pipeline, CitationParser.In(cited));
            document.SetData(CodeHtml.BarsLeft, CodeFrameHtml.BarsInside(flow.Block));
            if (flow.ListStart is { } start && document is [ListBlock list, ..]) list.OrderedStart = $"{start}";
            return document.ToHtml(pipeline);
        }
        catch (ArgumentException)
        {
            // Markdig refuses more than 128 levels of nesting. Nobody writes that to be read: show it as it was written.
            return Plain(flow.Text);
        }
    }

    private static string Plain(string text) => $"<p class=\"plain\">{Html.Escape(text)}</p>";
}
