using System.Text;
using Calango.Core.Knowledge;

namespace Calango.Extraction;

/// <summary>A table in Markdown's form. A long one becomes several, each with the header.</summary>
internal sealed class TableWriter(DocumentWriter document)
{
    private const int LongTable = 16 * 1024;

    private readonly StringBuilder _rows = new();
    private string? _header;
    private int _columns;

    public void Row(IEnumerable<string?> cells)
    {
        var texts = cells.Select(Cell).ToList();
        var filled = texts.FindLastIndex(text => text.Length > 0) + 1;
        texts.RemoveRange(filled, texts.Count - filled);
        if (texts.Count == 0)
        {
            return;
        }

        texts.AddRange(Enumerable.Repeat("", Math.Max(0, _columns - texts.Count)));
        var row = "| " + string.Join(" | ", texts) + " |\n";
        if (_header is null)
        {
            _columns = texts.Count;
            _header = row + "|" + string.Concat(Enumerable.Repeat(" --- |", texts.Count)) + "\n";
            return;
        }

        if (_rows.Length > 0 && _rows.Length + row.Length > LongTable)
        {
            Write();
        }

        _rows.Append(row);
    }

    public void End()
    {
        if (_header is not null)
        {
            Write();
        }

        (_header, _columns) = (null, 0);
    }

    private void Write()
    {
        document.Add(UnitKind.Table, _header + _rows);
        _rows.Clear();
    }

    // A bar would end the cell.
    private static string Cell(string? text) => Texts.OneLine(text ?? "").Replace("|", "\\|", StringComparison.Ordinal);
}
