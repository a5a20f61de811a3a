using System.Diagnostics;
using System.Runtime.InteropServices;
using Calango.Sdk;

namespace Calango.Core.Plugins;

/// <inheritdoc cref="IChildProcess"/>
internal sealed class ChildProcess : IChildProcess
{
    private const int FirstErrors = 5;
    private const int MaxErrors = 20;
    private const int SigTerm = 15;

    private readonly Process _process;
    private readonly ChildProcess? _guardian;
    private readonly List<string> _errors = [];

    /// <param name="process">Running.</param>
    /// <param name="onOutput">Takes its output; null: it is spoken to.</param>
    /// <param name="guardian">Ends it where the server is gone and it doesn't heed that; null: it is trusted to.</param>
    public ChildProcess(Process process, Action<string>? onOutput, ChildProcess? guardian)
    {
        (_process, Id, _guardian) = (process, process.Id, guardian);
        if (onOutput is null)
        {
            (Input, Output) = (process.StandardInput.BaseStream, process.StandardOutput.BaseStream);
        }

        Exited = RunAsync(onOutput);
    }

    public int Id { get; }

    public Task<int> Exited { get; }

    public Stream? Input { get; }

    public Stream? Output { get; }

    public IReadOnlyList<string> LastErrors
    {
        get
        {
            lock (_errors)
            {
                return [.. _errors];
            }
        }
    }

    public async Task StopAsync(TimeSpan grace)
    {
        CloseLifeLine();
        if (!Exited.IsCompleted && !OperatingSystem.IsWindows())
        {
            _ = Signal(Id, SigTerm);
        }

        await ((Task)Exited).WaitAsync(grace).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        CloseLifeLine();
        try
        {
            _process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It is gone already.
        }

        await Exited;
        _process.Dispose();
    }

    private async Task<int> RunAsync(Action<string>? onOutput)
    {
        var output = onOutput is null ? Task.CompletedTask : LinePump.RunAsync(_process.StandardOutput, onOutput);
        var errors = LinePump.RunAsync(_process.StandardError, KeepError);
        await _process.WaitForExitAsync();
        if (_guardian is not null)
        {
            await _guardian.DisposeAsync();
        }

        var code = _process.ExitCode;
        // A grandchild may hold the pipes open; what the child itself said is there by then.
        await Task.WhenAll(output, errors).WaitAsync(TimeSpan.FromSeconds(1)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return code;
    }

    private void KeepError(string line)
    {
        lock (_errors)
        {
            _errors.Add(line);
            if (_errors.Count > MaxErrors)
            {
                _errors.RemoveAt(FirstErrors);
            }
        }
    }

    private void CloseLifeLine()
    {
        try
        {
            _process.StandardInput.Close();
        }
        catch (Exception exception) when (exception is IOException or InvalidOperationException)
        {
            // The other end is gone, or it was closed before.
        }
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Signal(int processId, int signal);
}
