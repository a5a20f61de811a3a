namespace Calango.Extraction;

/// <summary>A page of a PDF, its blocks in the order in which they are read.</summary>
/// <param name="Number">From one.</param>
/// <param name="Width">In points, of which an inch has 72.</param>
/// <param name="Height">In points.</param>
/// <param name="Blocks">Paragraphs, mostly.</param>
internal sealed record PdfPage(int Number, double Width, double Height, List<PdfBlock> Blocks)
{
    public bool HasText => Blocks.Exists(block => block.Lines.Exists(line => line.Words.Exists(word => word.Text.Any(char.IsLetterOrDigit))));
}

/// <summary>Lines that stand together.</summary>
internal sealed record PdfBlock(List<PdfLine> Lines);

/// <summary>A line of a block.</summary>
/// <param name="Height">Of its letters, in points: how large they are.</param>
/// <param name="Words">From left to right.</param>
internal sealed record PdfLine(double Height, List<PdfWord> Words)
{
    public double Left => Words.Count > 0 ? Words.Min(word => word.Left) : 0;

    public double Right => Words.Count > 0 ? Words.Max(word => word.Right) : 0;

    public double Top => Words.Count > 0 ? Words.Min(word => word.Top) : 0;

    public double Bottom => Words.Count > 0 ? Words.Max(word => word.Bottom) : 0;

    public string Text => string.Join(' ', Words.Select(word => word.Text));

    /// <summary>Whether the two are on one height of the page, more or less.</summary>
    public bool IsBeside(PdfLine other) => Math.Min(Bottom, other.Bottom) - Math.Max(Top, other.Top) > Math.Min(Height, other.Height) / 2;
}

/// <summary>A word, and where it is.</summary>
internal sealed record PdfWord(double Left, double Top, double Right, double Bottom, string Text);
