using System.Text;
using Calango.Core.Knowledge;
using Calango.Tests.Fixtures;
using Microsoft.Extensions.Logging;

namespace Calango.Core.Tests.Knowledge;

/// <summary>The real reader, on files of a test.</summary>
internal sealed class Reading : IAsyncDisposable
{
    private readonly Extractor _extractor;
    private int _files;

    public Reading(ExtractionLimits? limits = null) =>
        _extractor = new Extractor([TestFolders.Extraction], limits ?? new ExtractionLimits(), TimeProvider.System, new LoggerFactory([Log]).CreateLogger("reading"));

    public string Folder { get; } = TestFolders.NewTemporary("reading");

    public TestLog Log { get; } = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public Task<ExtractedDocument> ReadAsync(string name, string text) => ReadAsync(name, Encoding.UTF8.GetBytes(text));

    public async Task<ExtractedDocument> ReadAsync(string name, byte[] bytes) => await _extractor.ExtractAsync(await WriteAsync(bytes), name, Cancelled);

    public Task<ExtractedDocument> ReadFileAsync(string path, CancellationToken? cancellationToken = null) => _extractor.ExtractAsync(path, Path.GetFileName(path), cancellationToken ?? Cancelled);

    /// <summary>Why it cannot be read.</summary>
    public async Task<string> RefusalAsync(byte[] bytes, string name = "document") =>
        (await Assert.ThrowsAsync<ExtractionException>(() => ReadAsync(name, bytes))).Code;

    /// <summary>The names and texts of the files in it.</summary>
    public async Task<IReadOnlyList<(string Name, string Text)>> UnpackAsync(byte[] bytes)
    {
        var folder = Directory.CreateDirectory(Path.Combine(Folder, $"unpacked-{_files}")).FullName;
        var files = await _extractor.UnpackAsync(await WriteAsync(bytes), folder, Cancelled);
        Assert.All(files, file => Assert.Equal(folder, Path.GetDirectoryName(file.Path)));
        return [.. files.Select(file => (file.Name, File.ReadAllText(file.Path)))];
    }

    public async ValueTask DisposeAsync()
    {
        await _extractor.DisposeAsync();
        TestFolders.Delete(Folder);
    }

    private async Task<string> WriteAsync(byte[] bytes)
    {
        // Under a name that says nothing, as files are kept.
        var path = Path.Combine(Folder, $"{_files++}");
        await File.WriteAllBytesAsync(path, bytes, Cancelled);
        return path;
    }
}
