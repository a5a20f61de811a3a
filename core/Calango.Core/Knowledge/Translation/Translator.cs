using Calango.Core.Plugins;
using Calango.Sdk;
using Microsoft.Extensions.Logging;

namespace Calango.Core.Knowledge;

/// <summary>
/// Translates Portuguese for models that read English alone: by Debian's apertium, through Spanish, in child processes with limits that
/// end when nobody has asked for a while. A rough translation, by which texts are placed; nobody reads it. Thread-safe: one text at a time.
/// </summary>
public sealed class Translator : IAsyncDisposable
{
    private const string Shell = "/bin/sh";

    // For each of the programs; they take 20 to 40 MB.
    private const string Limits = "ulimit -c 0; ulimit -v 524288; exec 2>/dev/null; ";
    private const int LongestText = 1 << 20;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Idle = TimeSpan.FromMinutes(5);

    private readonly string[] _modes;
    private readonly ChildProcesses _children;
    private readonly TimeProvider _clock;
    private readonly ITimer _idle;
    private readonly SemaphoreSlim _speaking = new(1);
    private IChildProcess? _programs;
    private DateTimeOffset _spoken;

    internal Translator(string modesFolder, TimeProvider clock, ILogger log)
    {
        _modes = [Path.Combine(modesFolder, "pt-es.mode"), Path.Combine(modesFolder, "spa-eng.mode")];
        (_children, _clock) = (new ChildProcesses(log), clock);
        _idle = clock.CreateTimer(_ => _ = EndIdleAsync(), null, Idle, Idle);
    }

    /// <summary>What it needs is there.</summary>
    public bool IsInstalled => !OperatingSystem.IsWindows() && _modes.All(File.Exists);

    /// <summary>Texts in English.</summary>
    /// <param name="texts">In Portuguese.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ExtractionException"><c>noTranslator</c>: it is not installed; <c>translation</c>: it broke down.</exception>
    internal async Task<IReadOnlyList<string>> TranslateAsync(IReadOnlyList<string> texts, CancellationToken cancellationToken)
    {
        var translated = new List<string>(texts.Count);
        foreach (var text in texts)
        {
            translated.Add(await TranslateAsync(text, cancellationToken));
        }

        return translated;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _idle.DisposeAsync();
        await _children.DisposeAsync();
    }

    private async Task<string> TranslateAsync(string text, CancellationToken cancellationToken)
    {
        if (!IsInstalled)
        {
            throw new ExtractionException("noTranslator");
        }

        await _speaking.WaitAsync(cancellationToken);
        try
        {
            // It may have been ended from outside since; whoever asks need not know.
            var fresh = _programs is null;
            return await AskAsync(text, cancellationToken) ?? (fresh ? null : await AskAsync(text, cancellationToken)) ?? throw new ExtractionException("translation");
        }
        finally
        {
            _speaking.Release();
        }
    }

    // Null: they did not answer, and are gone.
    private async Task<string?> AskAsync(string text, CancellationToken cancellationToken)
    {
        _spoken = _clock.GetUtcNow();
        _programs ??= _children.Start(new ChildProcessStart(Shell, ["-c", Limits + ApertiumPipeline.Command(_modes)], new Dictionary<string, string> { ["LC_ALL"] = "C.UTF-8" }) { IsSpokenTo = true });
        using var patience = new CancellationTokenSource(Patience, _clock);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        try
        {
            // What is long comes back while it is still being written.
            var writing = WriteAsync(_programs.Input!, text, limit.Token);
            var answer = await ReadAsync(_programs.Output!, limit.Token);
            await writing;
            return answer;
        }
        catch (Exception exception) when (exception is IOException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            await EndAsync();
            return null;
        }
        catch (OperationCanceledException)
        {
            // The answer would be taken for that of the next text.
            await EndAsync();
            throw;
        }
    }

    private static async Task WriteAsync(Stream input, string text, CancellationToken cancellationToken)
    {
        await input.WriteAsync(ApertiumPipeline.Written(text), cancellationToken);
        await input.FlushAsync(cancellationToken);
    }

    private static async Task<string> ReadAsync(Stream output, CancellationToken cancellationToken)
    {
        using var answer = new MemoryStream();
        var buffer = new byte[4096];
        while (answer.Length < LongestText && await output.ReadAsync(buffer, cancellationToken) is > 0 and var read)
        {
            answer.Write(buffer, 0, read);
            if (buffer[read - 1] == 0)
            {
                return ApertiumPipeline.Read(answer.GetBuffer().AsSpan(0, (int)answer.Length - 1));
            }
        }

        throw new IOException("The translator ended.");
    }

    private async Task EndIdleAsync()
    {
        if (_clock.GetUtcNow() - _spoken >= Idle && await _speaking.WaitAsync(TimeSpan.Zero))
        {
            try
            {
                await EndAsync();
            }
            finally
            {
                _speaking.Release();
            }
        }
    }

    private async Task EndAsync()
    {
        if (_programs is { } programs)
        {
            _programs = null;
            await programs.DisposeAsync();
        }
    }
}
