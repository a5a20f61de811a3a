using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;
using Calango.Sdk;
using Microsoft.Extensions.Logging;

namespace Calango.Core.Plugins;

/// <inheritdoc cref="IChildProcesses"/>
internal sealed class ChildProcesses(ILogger log) : IChildProcesses, IAsyncDisposable
{
    // All that a child inherits: how programs, the home and .NET are found.
    private static readonly string[] Inherited = ["PATH", "HOME", "DOTNET_ROOT"];

    private readonly ConcurrentDictionary<ChildProcess, bool> _running = new();

    public IChildProcess Start(ChildProcessStart start)
    {
        if (!Path.IsPathFullyQualified(start.FileName))
        {
            throw new ChildProcessException($"'{start.FileName}' is not an absolute path.");
        }

        var process = Launch(start);
        var child = new ChildProcess(
            process,
            start.IsSpokenTo ? null : start.OnOutputLine ?? (line => log.LogDebug("{Line}", line)),
            start.IsSpokenTo && !OperatingSystem.IsWindows() ? Guard(process.Id) : null);
        _running[child] = true;
        _ = child.Exited.ContinueWith(_ => _running.TryRemove(child, out bool _), TaskScheduler.Default);
        return child;
    }

    /// <summary>Ends all children: none outlives the generation that started it.</summary>
    public async ValueTask DisposeAsync() => await Task.WhenAll(_running.Keys.Select(child => child.DisposeAsync().AsTask()));

    // A program that is not ours may not heed the end of its input. This one waits for the end of its own, which comes with the
    // server's, and then ends the other. While the server lives it is ended itself as soon as the other is gone.
    private static ChildProcess Guard(int processId) => new(
        Launch(new ChildProcessStart("/bin/sh", ["-c", "cat >/dev/null; sleep 2; kill -9 \"$1\"", "sh", $"{processId}"])), _ => { }, guardian: null);

    internal static Process Launch(ChildProcessStart start)
    {
        var info = new ProcessStartInfo(start.FileName, start.Arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var name in info.Environment.Keys.Except(Inherited).ToList())
        {
            info.Environment.Remove(name);
        }

        foreach (var (name, value) in start.Environment ?? new Dictionary<string, string>())
        {
            info.Environment[name] = value;
        }

        try
        {
            return Process.Start(info)!;
        }
        catch (Win32Exception exception)
        {
            throw new ChildProcessException($"'{start.FileName}' could not be started: {exception.Message}");
        }
    }
}
