namespace Calango.Extraction;

/// <summary>A table on a page.</summary>
internal sealed class PdfTable(List<List<PdfLine>> rows)
{
    private readonly HashSet<PdfLine> _lines = new(rows.SelectMany(row => row), ReferenceEqualityComparer.Instance);
    private bool _isWritten;

    public bool Has(PdfLine line) => _lines.Contains(line);

    public void WriteOnce(DocumentWriter document)
    {
        if (_isWritten)
        {
            return;
        }

        _isWritten = true;
        var columns = rows.MaxBy(row => row.Count)!;
        var table = new TableWriter(document);
        foreach (var row in rows)
        {
            var cells = row.ToLookup(piece => columns.IndexOf(columns.MinBy(column => Distance(column, piece))!), piece => piece.Text);
            table.Row(columns.Select((_, index) => string.Join(' ', cells[index])));
        }

        table.End();
    }

    // Below each other are pieces that share some of the width, or else the nearest ones.
    private static double Distance(PdfLine column, PdfLine piece) => Math.Max(column.Left, piece.Left) - Math.Min(column.Right, piece.Right);
}
