using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using Calango.Tests.Fixtures;

namespace Calango.Core.Tests.Knowledge;

/// <summary>PDFs as a test needs them.</summary>
internal static class Pdfs
{
    private const int Resolution = 150;

    /// <summary>Poppler, which reads them; a machine may have none.</summary>
    public static bool CanBeRead => File.Exists("/usr/bin/pdftotext");

    /// <summary>Pages of lines, each with the size of its letters and where it begins.</summary>
    public static byte[] OfLines(params (int Size, int X, int Y, string Text)[][] pages) => Of([.. pages.Select(page => (string.Concat(page.Select(Shown)), "", Array.Empty<byte>()))]);

    /// <summary>A page that is a picture of these lines.</summary>
    public static async Task<byte[]> ScanAsync(params string[] lines)
    {
        var folder = TestFolders.NewTemporary("scan");
        try
        {
            var source = Path.Combine(folder, "source.pdf");
            await File.WriteAllBytesAsync(source, OfLines([.. lines.Select((line, index) => (14, 60, 700 - (30 * index), line))]));
            using var painter = Process.Start("pdftoppm", ["-jpeg", "-r", Number(Resolution), source, Path.Combine(folder, "page")]);
            await painter.WaitForExitAsync();
            var picture = await File.ReadAllBytesAsync(Directory.GetFiles(folder, "*.jpg").Single());
            return Of(("q 595 0 0 842 0 0 cm /I Do Q", $"/Type /XObject /Subtype /Image /Width {595 * Resolution / 72 + 1} /Height {842 * Resolution / 72 + 1} /ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /DCTDecode", picture));
        }
        finally
        {
            TestFolders.Delete(folder);
        }
    }

    /// <summary>A small file with a page that takes minutes to look at: it draws the same line again and again.</summary>
    public static byte[] Endless()
    {
        using var packed = new MemoryStream();
        using (var packer = new ZLibStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            var lines = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("1 1 m 9 9 l S\n", 10_000)));
            for (var run = 0; run < 10_000; run++)
            {
                packer.Write(lines);
            }
        }

        return Of((null, "", packed.ToArray()));
    }

    /// <param name="pages">What is drawn on each, and the picture that may be; or only bytes: what is drawn, packed.</param>
    private static byte[] Of(params (string? Content, string Picture, byte[] Bytes)[] pages)
    {
        using var file = new MemoryStream();
        var places = new List<long>();
        Write(file, "%PDF-1.4\n");
        Add("<< /Type /Catalog /Pages 2 0 R >>");
        Add($"<< /Type /Pages /Count {pages.Length} /Kids [{string.Join(' ', pages.Select((_, index) => $"{4 + (3 * index)} 0 R"))}] >>");
        Add("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>");
        foreach (var (content, picture, bytes) in pages)
        {
            var own = places.Count + 1;
            Add($"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {own + 1} 0 R /Resources << /Font << /F 3 0 R >> /XObject << /I {own + 2} 0 R >> >> >>");
            AddStream(content is null ? "/Filter /FlateDecode" : "", content is null ? bytes : Encoding.Latin1.GetBytes(content));
            AddStream(picture, content is null ? [] : bytes);
        }

        var start = file.Position;
        Write(file, $"xref\n0 {places.Count + 1}\n0000000000 65535 f \n{string.Concat(places.Select(place => $"{place:D10} 00000 n \n"))}trailer << /Root 1 0 R /Size {places.Count + 1} >>\nstartxref\n{start}\n%%EOF\n");
        return file.ToArray();

        void Add(string body)
        {
            places.Add(file.Position);
            Write(file, $"{places.Count} 0 obj\n{body}\nendobj\n");
        }

        void AddStream(string dictionary, byte[] bytes)
        {
            places.Add(file.Position);
            Write(file, $"{places.Count} 0 obj\n<< {dictionary} /Length {bytes.Length} >>\nstream\n");
            file.Write(bytes);
            Write(file, "\nendstream\nendobj\n");
        }
    }

    private static string Shown((int Size, int X, int Y, string Text) line) =>
        $"BT /F {line.Size} Tf {line.X} {line.Y} Td ({line.Text.Replace("(", "\\(", StringComparison.Ordinal).Replace(")", "\\)", StringComparison.Ordinal)}) Tj ET\n";

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static void Write(Stream file, string text) => file.Write(Encoding.Latin1.GetBytes(text));
}
