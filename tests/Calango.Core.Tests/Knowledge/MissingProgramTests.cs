using System.Diagnostics;
using System.Text.Json;
using Calango.Core.Knowledge;
using Calango.Tests.Fixtures;

namespace Calango.Core.Tests.Knowledge;

/// <summary>A machine without the programs that some documents need says which are missing.</summary>
public sealed class MissingProgramTests : IDisposable
{
    private readonly string _folder = TestFolders.NewTemporary("missing");

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => TestFolders.Delete(_folder);

    [Fact]
    public async Task Without_poppler_a_pdf_names_the_package() => Assert.Equal("noPoppler", await FailureAsync(Pdfs.OfLines([(11, 60, 700, "text")]), []));

    [Fact]
    public async Task Without_tesseract_a_scan_names_the_package()
    {
        Assert.SkipUnless(Pdfs.CanBeRead, "poppler-utils is not installed; ./calango test does it.");

        Assert.Equal("noTesseract", await FailureAsync(await Pdfs.ScanAsync("a picture of words"), ["pdfinfo", "pdftotext", "pdftoppm"]));
        Assert.Null(await FailureAsync(Pdfs.OfLines([(11, 60, 700, "text")], []), ["pdfinfo", "pdftotext", "pdftoppm"]));
    }

    // The program itself, on a machine that has no more than these.
    private async Task<string?> FailureAsync(byte[] document, string[] programs)
    {
        var path = Path.Combine(_folder, "document");
        await File.WriteAllBytesAsync(path, document, Cancelled);
        foreach (var program in programs.Where(program => !File.Exists(Path.Combine(_folder, program))))
        {
            File.CreateSymbolicLink(Path.Combine(_folder, program), Path.Combine("/usr/bin", program));
        }

        var start = new ProcessStartInfo(Environment.ProcessPath is { } own && Path.GetFileName(own) == "dotnet" ? own : "dotnet", [Path.Combine(TestFolders.Extraction, "Calango.Extraction.dll")])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        start.Environment["PATH"] = _folder;
        using var process = Process.Start(start)!;
        await process.StandardInput.WriteLineAsync(JsonSerializer.Serialize(new ExtractionRequest(path, "a.pdf", Folder: null), ExtractionJson.Plain.ExtractionRequest));
        await process.StandardInput.FlushAsync(Cancelled);
        var lines = await process.StandardOutput.ReadToEndAsync(Cancelled);
        return lines.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonSerializer.Deserialize(line, ExtractionJson.Plain.ExtractionLine)!.Failure?.Code).Last();
    }
}
