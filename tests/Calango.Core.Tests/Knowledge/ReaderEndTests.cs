using System.Diagnostics;
using System.Text.Json;
using Calango.Core.Knowledge;
using Calango.Tests.Fixtures;

namespace Calango.Core.Tests.Knowledge;

/// <summary>A server that was killed tells its readers nothing; they notice.</summary>
public sealed class ReaderEndTests : IDisposable
{
    private readonly string _folder = TestFolders.NewTemporary("end");

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => TestFolders.Delete(_folder);

    [Fact]
    public async Task A_reader_and_the_programs_it_started_end_with_the_server()
    {
        Assert.SkipUnless(Pdfs.CanBeRead && Directory.Exists("/proc/self"), "poppler-utils is not installed, or this is no Linux.");
        var path = Path.Combine(_folder, "endless.pdf");
        await File.WriteAllBytesAsync(path, Pdfs.Endless(), Cancelled);
        using var reader = Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(TestFolders.Extraction, "Calango.Extraction.dll")]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        await reader.StandardInput.WriteLineAsync(JsonSerializer.Serialize(new ExtractionRequest(path, "a.pdf", Folder: null), ExtractionJson.Plain.ExtractionRequest));
        await reader.StandardInput.FlushAsync(Cancelled);
        await Eventually.HoldsAsync("poppler reads it", () => Task.FromResult(IsRead(path)), Cancelled);

        reader.StandardInput.Close();

        await reader.WaitForExitAsync(Cancelled);
        await Eventually.HoldsAsync("poppler has ended, too", () => Task.FromResult(!IsRead(path)), Cancelled);
    }

    private static bool IsRead(string path) => Directory.GetDirectories("/proc").Where(folder => int.TryParse(Path.GetFileName(folder), out _)).Any(folder => CommandOf(folder) is var command
        && command.Contains("pdftotext", StringComparison.Ordinal) && command.Contains(path, StringComparison.Ordinal));

    private static string CommandOf(string folder)
    {
        try
        {
            return File.ReadAllText(Path.Combine(folder, "cmdline"));
        }
        catch (IOException)
        {
            // It ended a moment ago.
            return "";
        }
    }
}
