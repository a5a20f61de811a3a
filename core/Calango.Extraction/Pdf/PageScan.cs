using System.Globalization;

namespace Calango.Extraction;

/// <summary>The text of a page that is a picture.</summary>
internal static class PageScan
{
    private const double Resolution = 150;
    private const double MostPixels = 40_000_000;

    private static readonly Lazy<string> Languages = new(InstalledLanguages);

    public static bool IsPossible => HelperProgram.IsThere("pdftoppm") && HelperProgram.IsThere("tesseract");

    /// <exception cref="UnreadableException">It could not be painted or read.</exception>
    public static string TextOf(string path, PdfPage page)
    {
        var number = page.Number.ToString(CultureInfo.InvariantCulture);
        using var painter = HelperProgram.Start("pdftoppm", "-gray", "-r", ResolutionOf(page), "-f", number, "-l", number, path);
        using var reader = HelperProgram.Start("tesseract", "stdin", "stdout", "-l", Languages.Value);
        // Its first words come once it has the whole picture.
        painter.Output.BaseStream.CopyTo(reader.Input);
        reader.Input.Close();
        var text = reader.Output.ReadToEnd();
        return painter.End().Code == 0 && reader.End().Code == 0 ? text : throw new UnreadableException("malformed");
    }

    // A page of ten metres is not painted in full.
    private static string ResolutionOf(PdfPage page) =>
        Math.Max(1, Math.Floor(Math.Min(Resolution, 72 * Math.Sqrt(MostPixels / Math.Max(1, page.Width * page.Height))))).ToString(CultureInfo.InvariantCulture);

    private static string InstalledLanguages()
    {
        using var program = HelperProgram.Start("tesseract", "--list-langs");
        var installed = program.Output.ReadToEnd().Split('\n').Select(line => line.Trim()).ToHashSet();
        var read = new[] { "eng", "por" }.Where(installed.Contains).ToList();
        return read.Count > 0 ? string.Join('+', read) : throw new UnreadableException("noTesseract");
    }
}
