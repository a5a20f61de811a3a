using System.Globalization;
using System.Text;
using ExcelDataReader;
using ExcelDataReader.Exceptions;

namespace Calango.Extraction;

/// <summary>Workbooks: each sheet is a table under its name.</summary>
internal static class SheetsReader
{
    public static void Read(string path, DocumentWriter document)
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        try
        {
            using var file = File.OpenRead(path);
            using var sheets = ExcelReaderFactory.CreateReader(file);
            do
            {
                ReadSheet(sheets, document);
            }
            while (sheets.NextResult());
        }
        catch (InvalidPasswordException)
        {
            throw new UnreadableException("encrypted");
        }
    }

    private static void ReadSheet(IExcelDataReader sheet, DocumentWriter document)
    {
        document.EndHeadings();
        document.Heading(1, sheet.Name);
        var table = new TableWriter(document);
        while (sheet.Read())
        {
            table.Row(Enumerable.Range(0, sheet.FieldCount).Select(column => Text(sheet.GetValue(column))));
        }

        table.End();
    }

    private static string? Text(object? value) => value switch
    {
        DateTime { TimeOfDay.Ticks: 0 } date => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        DateTime time => time.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture),
    };
}
