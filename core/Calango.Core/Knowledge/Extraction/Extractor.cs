using System.Globalization;
using System.Text.Json;
using Calango.Core.Plugins;
using Calango.Sdk;
using Microsoft.Extensions.Logging;

namespace Calango.Core.Knowledge;

/// <summary>
/// Reads documents, each in a process of its own with limits: a file comes from a stranger, and whatever it does to its
/// reader, the server lives. Thread-safe.
/// </summary>
internal sealed class Extractor : IAsyncDisposable
{
    // What a process ends with that has used up its time on the processor: 128 and SIGXCPU.
    private const int OutOfTime = 152;

    private readonly ChildProcesses _children;
    private readonly ExtractionProgram _program;
    private readonly ExtractionLimits _limits;
    private readonly TimeProvider _clock;
    private readonly ILogger _log;

    public Extractor(CoreOptions options, TimeProvider clock, ILogger<Extractor> log)
        : this(FoldersOf(options), new ExtractionLimits(), clock, log)
    {
    }

    internal Extractor(IEnumerable<string> folders, ExtractionLimits limits, TimeProvider clock, ILogger log) =>
        (_children, _program, _limits, _clock, _log) = (new ChildProcesses(log), new ExtractionProgram(folders), limits, clock, log);

    /// <summary>Reads the document at a path. What people call it says only of which language code is: what it is, its bytes say.</summary>
    /// <exception cref="ExtractionException">It cannot be read.</exception>
    public async Task<ExtractedDocument> ExtractAsync(string path, string fileName, CancellationToken cancellationToken)
    {
        var units = new List<ExtractedUnit>();
        var end = await RunAsync(new ExtractionRequest(Path.GetFullPath(path), fileName, Folder: null), line => Take(line.Unit, units, int.MaxValue), cancellationToken);
        return units.Count > 0 ? new ExtractedDocument(end.Title, end.Pages, units) : throw new ExtractionException("noText");
    }

    /// <summary>Takes the files out of an archive or a mail, those of archives within it too, and puts each under a name of ours into an empty folder.</summary>
    /// <returns>None: it is neither an archive nor a mail with attachments.</returns>
    /// <exception cref="ExtractionException">It is an archive, and cannot be opened or isn't safe to open.</exception>
    public async Task<IReadOnlyList<UnpackedFile>> UnpackAsync(string path, string folder, CancellationToken cancellationToken)
    {
        var files = new List<UnpackedFile>();
        await RunAsync(new ExtractionRequest(Path.GetFullPath(path), "", Path.GetFullPath(folder)), line => Take(line.File, files, _limits.Files), cancellationToken);
        return files;
    }

    public ValueTask DisposeAsync() => _children.DisposeAsync();

    private static string[] FoldersOf(CoreOptions options) =>
        options.ExtractionFolder is { } chosen ? [chosen] : [Path.Combine(AppContext.BaseDirectory, "extraction"), Path.Combine(options.PluginsFolder, "..", "extraction")];

    private static void Take<T>(T? piece, List<T> pieces, int limit)
    {
        if (piece is not null)
        {
            pieces.Add(pieces.Count < limit ? piece : throw TooMany(limit));
        }
    }

    private static ExtractionException TooMany(int limit) =>
        new("zip.tooMany", new Dictionary<string, string> { ["limit"] = limit.ToString(CultureInfo.InvariantCulture) });

    private async Task<ExtractionEnd> RunAsync(ExtractionRequest request, Action<ExtractionLine> onLine, CancellationToken cancellationToken)
    {
        Check(new FileInfo(request.Path));
        await using var child = _children.Start(_program.StartOf(_limits));
        using var whole = new CancellationTokenSource(_limits.Whole, _clock);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, whole.Token);
        try
        {
            await AskAsync(child, request, limit.Token);
            using var output = new ExtractionOutput(child.Output!, _limits, _clock);
            while (await output.ReadAsync(limit.Token) is { } line)
            {
                if (line.Failure is { } failure)
                {
                    throw new ExtractionException(failure.Code, failure.Arguments);
                }

                if (line.End is { } end)
                {
                    return end;
                }

                onLine(line);
            }

            throw await DiedAsync(child);
        }
        catch (OperationCanceledException) when (whole.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new ExtractionException("tookTooLong");
        }
    }

    private void Check(FileInfo file)
    {
        if (file.Length == 0)
        {
            throw new ExtractionException("empty");
        }

        if (file.Length > _limits.FileBytes)
        {
            throw new ExtractionException("tooLarge", new Dictionary<string, string> { ["limit"] = (_limits.FileBytes >> 20).ToString(CultureInfo.InvariantCulture) });
        }
    }

    private static async Task AskAsync(IChildProcess child, ExtractionRequest request, CancellationToken cancellationToken)
    {
        try
        {
            await child.Input!.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(request, ExtractionJson.Plain.ExtractionRequest), cancellationToken);
            await child.Input.WriteAsync("\n"u8.ToArray(), cancellationToken);
            await child.Input.FlushAsync(cancellationToken);
        }
        catch (IOException)
        {
            // It has ended already; its output says no more, and that is noticed there.
        }
    }

    // Its last words name types and places only: never what is in the document.
    private async Task<ExtractionException> DiedAsync(IChildProcess child)
    {
        await ((Task)child.Exited).WaitAsync(TimeSpan.FromSeconds(5), _clock).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var code = child.Exited.IsCompleted ? await child.Exited : -1;
        _log.LogWarning("The reader of a document ended with {Code}: {Errors}", code, string.Join(" | ", child.LastErrors));
        return new ExtractionException(code == OutOfTime ? "tookTooLong" : "readerDied");
    }
}
