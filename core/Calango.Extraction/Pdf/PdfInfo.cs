using System.Globalization;

namespace Calango.Extraction;

/// <summary>What a PDF says of itself.</summary>
internal sealed record PdfInfo(string? Title, int Pages)
{
    /// <exception cref="UnreadableException">It asks for a password, or is damaged beyond repair.</exception>
    public static PdfInfo Read(string path)
    {
        using var program = HelperProgram.Start("pdfinfo", path);
        var lines = program.Output.ReadToEnd().Split('\n').Select(line => line.Split(':', 2)).Where(parts => parts.Length == 2)
            .GroupBy(parts => parts[0], parts => parts[1].Trim()).ToDictionary(group => group.Key, group => group.First());
        var (code, errors) = program.End();
        if (errors.Contains("Incorrect password", StringComparison.Ordinal))
        {
            throw new UnreadableException("encrypted");
        }

        var pages = int.TryParse(lines.GetValueOrDefault("Pages"), CultureInfo.InvariantCulture, out var count) ? count : 0;
        return code == 0 && pages > 0 ? new PdfInfo(lines.GetValueOrDefault("Title"), pages) : throw new UnreadableException("malformed");
    }
}
