using System.Diagnostics;
using System.Runtime.InteropServices;
using Calango.Sdk;

namespace Calango.Core.Plugins;

/// <inheritdoc cref="IChildProcess"/>
internal sealed class ChildProcess : IChildProcess
{
    private const int MaxErrors = 20;
    private const int SigTerm = 15;

    private readonly Process _process;
    private readonly Queue<string> _errors = new();

    public ChildProcess(Process process, Action<string> onOutput)
    {
        (_process, Id) = (process, process.Id);
        Exited = RunAsync(onOutput);
    }

    public int Id { get; }

    public Task<int> Exited { get; }

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

    private async Task<int> RunAsync(Action<string> onOutput)
    {
        var output = LinePump.RunAsync(_process.StandardOutput, onOutput);
        var errors = LinePump.RunAsync(_process.StandardError, KeepError);
        await _process.WaitForExitAsync();
        var code = _process.ExitCode;
        // A grandchild may hold the pipes open; what the child itself said is there by then.
        await Task.WhenAll(output, errors).WaitAsync(TimeSpan.FromSeconds(1)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return code;
    }

    private void KeepError(string line)
    {
        lock (_errors)
        {
            _errors.Enqueue(line);
            if (_errors.Count > MaxErrors)
            {
                _errors.Dequeue();
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
