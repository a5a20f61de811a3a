using System.Text;

namespace Calango.Web.Markdown;

/// <summary>
/// Cuts a growing answer into top-level blocks, each of which can be rendered without the others. A cut is decided by
/// complete lines only and is never taken back, so the blocks of a prefix are the first blocks of the whole: that is
/// what makes a page rendered early and updated later equal to one rendered at the end.
/// Where Markdown would decide later (may this list go on?), the block stays open. Cutting too late only makes a block
/// larger, because Markdig parses each block in full; cutting too early would change its meaning.
/// </summary>
internal sealed class BlockSplitter
{
    /// <summary>A list, a table or a run of code this long is cut at its next item, row or line: what is open is rendered again and again.</summary>
    private const int LongBlock = 4 * 1024;

    /// <summary>Any block this long is cut wherever it stands. Parsing hostile text can cost the square of its length, so the length is bounded.</summary>
    private const int HugeBlock = 16 * 1024;

    private const int LinesOfRun = 64;

    private enum Kind { None, Text, Table, Quote, List, IndentedCode, Math, FencedCode }

    private readonly StringBuilder block = new();
    private readonly StringBuilder line = new();
    private readonly Action<char> accept;
    private List<Piece> finished = [];
    private TextCleaner cleaner;
    private Kind kind;
    private int index;
    private bool afterBlank;
    private bool insideLine;
    private Fence? fence;
    private int run;
    private int linesInRun;
    private ListMarker? marker;
    private int itemNumber;
    private int? listStart;
    private string? tableHead;

    public BlockSplitter() => accept = Accept;

    public void Append(ReadOnlySpan<char> text) => cleaner.Clean(text, accept);

    /// <summary>The pieces finished since the last call, in order.</summary>
    public IReadOnlyList<Piece> TakeFinished()
    {
        if (finished.Count == 0) return [];
        var taken = finished;
        finished = [];
        return taken;
    }

    /// <summary>Says that no text will follow: all that is open is finished now.</summary>
    public void End()
    {
        if (line.Length > 0) TakeLine(complete: true);
        if (kind == Kind.FencedCode) FinishRun();
        else Finish();
    }

    /// <summary>The piece that may still change, or null when nothing stands after the last finished one.</summary>
    public Piece? Open()
    {
        var held = IsHeldBack(line.ToString());
        if (kind == Kind.FencedCode) return new Piece.CodeLines(index, run, held ? block.ToString() : block + UnindentedCode(line.ToString()));
        var text = held ? block.ToString() : string.Concat(block.ToString(), line.ToString());
        return Line.IsBlank(text) ? null : new Piece.Flow(index, text, listStart);
    }

    /// <summary>What could still become the end of the code, a row of the table, or anything at all, does not flash up as something else.</summary>
    private bool IsHeldBack(string partial) => kind switch
    {
        Kind.FencedCode => !insideLine && fence!.MayBeClosedBy(partial),
        Kind.Table => !partial.Contains('|'),
        _ => Line.IsOnlyMarks(partial),
    };

    private void Accept(char character)
    {
        line.Append(character);
        if (character == '\n') TakeLine(complete: true);
        else if (line.Length >= HugeBlock && !char.IsHighSurrogate(character)) TakeLine(complete: false);
    }

    private void TakeLine(bool complete)
    {
        var text = line.ToString();
        line.Clear();
        switch (kind)
        {
            case Kind.FencedCode: TakeCode(text); break;
            case Kind.Math: TakeMath(text); break;
            default: TakeFlow(text); break;
        }

        insideLine = !complete;
        if (kind != Kind.FencedCode && (!complete || block.Length >= HugeBlock)) Finish();
    }

    private void TakeCode(string text)
    {
        if (!insideLine && fence!.IsClosedBy(text))
        {
            FinishRun();
            Next();
            return;
        }

        block.Append(UnindentedCode(text));
        linesInRun++;
        if (linesInRun == LinesOfRun || block.Length >= LongBlock) FinishRun();
    }

    private string UnindentedCode(string text) => insideLine ? text : fence!.Unindent(text).ToString();

    private void FinishRun()
    {
        finished.Add(new Piece.CodeLines(index, run++, block.ToString()));
        block.Clear();
        linesInRun = 0;
    }

    private void TakeMath(string text)
    {
        block.Append(text);
        if (Line.IsBlank(text) || MathBlock.IsClosed(block.ToString())) Finish();
    }

    private void TakeFlow(string text)
    {
        if (Line.IsBlank(text))
        {
            TakeBlank(text);
            return;
        }

        if (kind != Kind.None && Interrupts(text)) Finish();
        if (kind == Kind.None) Begin(text);
        else Continue(text);
        afterBlank = false;
    }

    private void TakeBlank(string text)
    {
        if (kind == Kind.None) return;
        block.Append(text);
        afterBlank = true;
        if (kind is not (Kind.List or Kind.IndentedCode)) Finish();
    }

    private bool Interrupts(string text) => kind switch
    {
        Kind.List => EndsList(text),
        Kind.IndentedCode => !Line.IsIndentedCode(text),
        // GitHub would take the line as a row; a model that forgot the blank line means a paragraph.
        Kind.Table => !text.Contains('|') || InterruptsParagraph(text),
        _ => InterruptsParagraph(text),
    };

    private bool EndsList(string text)
    {
        if (Line.Indent(text) >= marker!.ContentColumn || Line.IsIndentedCode(text)) return false;
        if (Line.IsRule(text) || Line.IsHeading(text) || Line.IsQuote(text) || Fence.Open(text) is not null) return true;
        var sibling = ListMarker.Open(text);
        return sibling is null ? afterBlank : sibling.Type != marker.Type;
    }

    private bool InterruptsParagraph(string text)
    {
        if (kind == Kind.Text && Line.IsUnderline(text)) return false;
        return Line.IsHeading(text) || Line.IsRule(text) || Fence.Open(text) is not null || MathBlock.Opens(text)
            || ListMarker.Open(text) is { CanInterruptParagraph: true } || (kind != Kind.Quote && Line.IsQuote(text));
    }

    private void Begin(string text)
    {
        fence = Fence.Open(text);
        if (fence is not null)
        {
            kind = Kind.FencedCode;
            finished.Add(new Piece.CodeFrame(index, fence.Info));
            return;
        }

        block.Append(text);
        kind = KindOf(text);
        if (Line.IsHeading(text) || Line.IsRule(text) || (kind == Kind.Math && MathBlock.IsClosed(text))) Finish();
    }

    private Kind KindOf(string text)
    {
        if (Line.IsIndentedCode(text)) return Kind.IndentedCode;
        if (Line.IsQuote(text)) return Kind.Quote;
        if (MathBlock.Opens(text)) return Kind.Math;
        marker = Line.IsRule(text) ? null : ListMarker.Open(text);
        if (marker is null) return Kind.Text;
        itemNumber = listStart ?? marker.Number ?? 0;
        return Kind.List;
    }

    private void Continue(string text)
    {
        if (kind == Kind.List && Line.Indent(text) < marker!.ContentColumn && ListMarker.Open(text) is { } sibling) TakeSibling(sibling);
        else if (kind == Kind.Table && block.Length >= LongBlock) CutTable();
        else if (kind == Kind.Text && tableHead is null && Line.IsTableDelimiter(text)) BeginTable(text);

        if (kind == Kind.None)
        {
            Begin(text);
            return;
        }

        block.Append(text);
        if (kind == Kind.Text && Line.IsUnderline(text)) Finish();
    }

    private void TakeSibling(ListMarker sibling)
    {
        marker = sibling;
        itemNumber++;
        if (block.Length < LongBlock) return;
        var next = sibling.Number is null ? (int?)null : itemNumber;
        Finish();
        listStart = next;
    }

    private void BeginTable(string delimiter)
    {
        var first = block.ToString();
        if (first.IndexOf('\n') != first.Length - 1 || !first.Contains('|')) return;
        kind = Kind.Table;
        tableHead = first + delimiter;
    }

    private void CutTable()
    {
        var head = tableHead;
        Finish();
        kind = Kind.Table;
        tableHead = head;
        block.Append(head);
    }

    private void Finish()
    {
        if (block.Length > 0) finished.Add(new Piece.Flow(index, block.ToString(), listStart));
        if (kind != Kind.None) Next();
    }

    private void Next()
    {
        index++;
        block.Clear();
        kind = Kind.None;
        afterBlank = false;
        fence = null;
        run = 0;
        linesInRun = 0;
        marker = null;
        listStart = null;
        tableHead = null;
    }
}
