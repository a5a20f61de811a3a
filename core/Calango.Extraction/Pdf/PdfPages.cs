using System.Globalization;
using System.Net;

namespace Calango.Extraction;

/// <summary>The pages as pdftotext describes them. Its output has a tag a line; what it copies from the document need not be XML.</summary>
internal static class PdfPages
{
    private const int OutOfTime = 152;

    /// <exception cref="UnreadableException">Poppler could not read all of them.</exception>
    public static IReadOnlyList<PdfPage> Read(string path, int count, Action onPage)
    {
        using var program = HelperProgram.Start("pdftotext", "-bbox-layout", "-enc", "UTF-8", path, "-");
        var pages = new List<PdfPage>();
        while (program.Output.ReadLine() is { } line)
        {
            Take(line.AsSpan().Trim(), pages, onPage);
        }

        var (code, _) = program.End();
        return code == 0 && pages.Count == count ? pages : throw new UnreadableException(code == OutOfTime ? "tookTooLong" : code > 128 ? "tooMuchMemory" : "malformed");
    }

    private static void Take(ReadOnlySpan<char> line, List<PdfPage> pages, Action onPage)
    {
        if (line.StartsWith("<word "))
        {
            pages[^1].Blocks[^1].Lines[^1].Words.Add(Word(line));
        }
        else if (line.StartsWith("<line "))
        {
            pages[^1].Blocks[^1].Lines.Add(new PdfLine(Number(line, "yMax") - Number(line, "yMin"), []));
        }
        else if (line.StartsWith("<block "))
        {
            pages[^1].Blocks.Add(new PdfBlock([]));
        }
        else if (line.StartsWith("<page "))
        {
            pages.Add(new PdfPage(pages.Count + 1, Number(line, "width"), Number(line, "height"), []));
            onPage();
        }
    }

    private static PdfWord Word(ReadOnlySpan<char> line)
    {
        var start = line.IndexOf('>') + 1;
        var end = line.LastIndexOf("</word>");
        var text = Texts.OneLine(WebUtility.HtmlDecode(line[start..(end < start ? line.Length : end)].ToString()));
        return new PdfWord(Number(line, "xMin"), Number(line, "yMin"), Number(line, "xMax"), Number(line, "yMax"), text);
    }

    private static double Number(ReadOnlySpan<char> line, string name)
    {
        var start = line.IndexOf(name) + name.Length + 2;
        var length = line[start..].IndexOf('"');
        return double.TryParse(line.Slice(start, Math.Max(0, length)), CultureInfo.InvariantCulture, out var number) ? number : 0;
    }
}
