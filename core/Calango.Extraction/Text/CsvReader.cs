using System.Globalization;
using CsvHelper;
using CsvHelper.Configuration;

namespace Calango.Extraction;

/// <summary>Rows of cells, as one table.</summary>
internal static class CsvReader
{
    private const int LinesLooked = 20;

    /// <summary>What stands between cells; null: it isn't rows of cells.</summary>
    /// <param name="head">The first lines; the last one may be cut off.</param>
    /// <param name="fileName">Where it says so, two rows of two cells are enough.</param>
    public static char? DelimiterOf(string head, string fileName)
    {
        var isSaid = Path.GetExtension(fileName).ToLowerInvariant() is ".csv" or ".tsv" or ".tab";
        var lines = head.Split('\n').Select(line => line.TrimEnd('\r')).ToList();
        var whole = lines.Take(lines.Count > 1 ? lines.Count - 1 : 1).Where(line => line.Length > 0).Take(LinesLooked).ToList();
        char[] candidates = ['\t', ';', ',', '|'];
        var best = candidates.Select(candidate => (candidate, Cells: CellsOf(whole, candidate))).MaxBy(found => found.Cells);
        return best.Cells >= (isSaid ? 2 : 3) && whole.Count >= (isSaid ? 1 : 3) && best.candidate != '|' || (isSaid && best.Cells >= 2) ? best.candidate : null;
    }

    public static void Read(string path, char delimiter, DocumentWriter document)
    {
        using var text = new StringReader(Bytes.ReadText(path));
        using var rows = new CsvParser(text, new CsvConfiguration(CultureInfo.InvariantCulture) { Delimiter = delimiter.ToString(), BadDataFound = null });
        var table = new TableWriter(document);
        while (rows.Read())
        {
            table.Row(rows.Record!);
        }

        table.End();
    }

    // As many in each line, or none: a text has commas, too, and some lines of a table have their own within quotes.
    private static int CellsOf(List<string> lines, char delimiter)
    {
        var counts = lines.Select(line => Count(line, delimiter)).ToList();
        var usual = counts.GroupBy(count => count).OrderByDescending(group => group.Count()).FirstOrDefault();
        return usual is not null && usual.Count() * 10 >= counts.Count * 9 ? usual.Key + 1 : 0;
    }

    private static int Count(string line, char delimiter)
    {
        var (count, isQuoted) = (0, false);
        foreach (var letter in line)
        {
            isQuoted ^= letter == '"';
            count += letter == delimiter && !isQuoted ? 1 : 0;
        }

        return count;
    }
}
