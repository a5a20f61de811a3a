namespace Calango.Extraction;

/// <summary>
/// Finds tables by where the words stand: several rows, one under the other, of short pieces with gaps between them.
/// Columns of prose have gaps like that, too, but their pieces are long.
/// </summary>
internal static class PdfTables
{
    private const int FewestRows = 3;
    private const double LongestPiece = 60;
    private const double LongestOnAverage = 25;
    private const double FurthestApart = 2.5;

    public static List<PdfTable> Of(PdfPage page)
    {
        var tables = new List<PdfTable>();
        var run = new List<List<PdfLine>>();
        foreach (var row in Rows(page))
        {
            var isRow = row.Count > 1 && row.TrueForAll(piece => piece.Text.Length <= LongestPiece);
            if (!isRow || (run.Count > 0 && row[0].Top - run[^1][0].Bottom > FurthestApart * row[0].Height))
            {
                End(run, tables);
            }

            if (isRow)
            {
                run.Add(row);
            }
        }

        End(run, tables);
        return tables;
    }

    private static List<List<PdfLine>> Rows(PdfPage page)
    {
        var rows = new List<List<PdfLine>>();
        foreach (var line in page.Blocks.SelectMany(block => block.Lines).Where(line => line.Words.Count > 0).OrderBy(line => line.Top + line.Bottom))
        {
            if (rows.Count > 0 && rows[^1].TrueForAll(line.IsBeside))
            {
                rows[^1].Add(line);
            }
            else
            {
                rows.Add([line]);
            }
        }

        rows.ForEach(row => row.Sort((one, other) => one.Left.CompareTo(other.Left)));
        return rows;
    }

    private static void End(List<List<PdfLine>> run, List<PdfTable> tables)
    {
        var pieces = run.SelectMany(row => row).ToList();
        if (run.Count >= FewestRows && pieces.Average(piece => piece.Text.Length) <= LongestOnAverage)
        {
            tables.Add(new PdfTable([.. run]));
        }

        run.Clear();
    }
}
