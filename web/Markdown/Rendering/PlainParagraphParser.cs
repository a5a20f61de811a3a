using Markdig.Parsers;
using Markdig.Syntax;

namespace Calango.Web.Markdown.Rendering;

/// <summary>
/// A paragraph without link reference definitions: such a line is shown as text. A definition at the end of an answer
/// would otherwise change links in blocks that were finished and sent long before.
/// </summary>
internal sealed class PlainParagraphParser : ParagraphBlockParser
{
    public override BlockState TryContinue(BlockProcessor processor, Block block)
    {
        // The base class takes a definition out before it makes a heading of the rest.
        if (processor.IsBlankLine || !BeginsWithBracket((ParagraphBlock)block)) return base.TryContinue(processor, block);
        block.UpdateSpanEnd(processor.Line.End);
        return BlockState.Continue;
    }

    public override bool Close(BlockProcessor processor, Block block)
    {
        // A heading with an underline comes from this parser too, and trims its own lines.
        if (block is not ParagraphBlock { Lines.Count: > 0 } paragraph) return block is not ParagraphBlock;
        ref var lines = ref paragraph.Lines;
        for (var i = 0; i < lines.Count; i++) lines.Lines[i].Slice.TrimStart();
        lines.Lines[lines.Count - 1].Slice.TrimEnd();
        return true;
    }

    private static bool BeginsWithBracket(ParagraphBlock paragraph) =>
        paragraph.Lines.Count > 0 && paragraph.Lines.Lines[0].Slice.AsSpan().TrimStart().StartsWith('[');
}
