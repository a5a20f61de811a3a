using Calango.Core.Knowledge;

namespace Calango.Extraction;

/// <summary>Takes what a reader finds, in order, and says it to the server as units under their titles.</summary>
internal sealed class DocumentWriter(LineWriter output)
{
    private readonly List<(double Level, string Text)> _headings = [];
    private bool _isHeadingAlone;

    /// <summary>What the document calls itself.</summary>
    public string? Title { get; set; }

    /// <summary>How many pages or slides it has.</summary>
    public int? Pages { get; set; }

    /// <summary>On which of them what comes is.</summary>
    public int? Page { get; set; }

    /// <summary>A title; what comes next stands under it.</summary>
    /// <param name="level">1 is the outermost.</param>
    /// <param name="text">What it says.</param>
    public void Heading(double level, string text)
    {
        var title = Texts.OneLine(text);
        if (title.Length == 0)
        {
            return;
        }

        CloseHeading();
        _headings.RemoveAll(heading => heading.Level >= level);
        _headings.Add((level, title));
        _isHeadingAlone = true;
    }

    /// <summary>No title is in force any more.</summary>
    public void EndHeadings()
    {
        CloseHeading();
        _headings.Clear();
    }

    public void Add(UnitKind kind, string text)
    {
        var clean = kind == UnitKind.Code ? Texts.Clean(text).TrimEnd().TrimStart('\n') : Texts.Clean(text).Trim();
        if (clean.Length > 0)
        {
            _isHeadingAlone = false;
            Write(kind, _headings.Count, clean);
        }
    }

    /// <summary>Says that work goes on.</summary>
    public void Tick() => output.Tick();

    public ExtractionEnd End()
    {
        CloseHeading();
        var title = Title is null ? "" : Texts.OneLine(Title);
        return new ExtractionEnd(title.Length > 0 ? title : null, Pages);
    }

    // A title with nothing under it is text like any other: who looks for it finds it.
    private void CloseHeading()
    {
        if (_isHeadingAlone)
        {
            Write(UnitKind.Paragraph, _headings.Count - 1, _headings[^1].Text);
        }

        _isHeadingAlone = false;
    }

    private void Write(UnitKind kind, int headings, string text) =>
        output.Write(new ExtractionLine(new ExtractedUnit(kind, [.. _headings.Take(headings).Select(heading => heading.Text)], Page, text)));
}
