using System.Net.Sockets;
using System.Text.RegularExpressions;
using Calango.Sdk;

namespace Calango.Core.Plugins;

/// <summary>One process that runs one plugin in a sandbox, and the wire to it.</summary>
internal sealed partial class PluginChild : IAsyncDisposable
{
    /// <summary>The largest frame that is taken of the plugin's process: a prompt with its pictures may be large, what a plugin sends through the server is less.</summary>
    public const int MostFrameBytes = 16 * 1024 * 1024;

    private static readonly WireLimits Limits = new(FrameBytes: MostFrameBytes, Calls: 256, CallBytes: 64L * 1024 * 1024);

    private readonly IChildProcess _process;
    private readonly ChildWatch _watch;

    private PluginChild(IChildProcess process, Wire wire)
    {
        (_process, Wire) = (process, wire);
        _watch = new ChildWatch(process.Id, wire);
        Ended = EndAsync();
    }

    public Wire Wire { get; }

    /// <summary>Ends once the process is gone, with what is known of the reason. Never faults.</summary>
    public Task<string> Ended { get; }

    /// <summary>The memory of all that runs in the sandbox, in bytes.</summary>
    public long MemoryBytes => ChildWatch.MemoryOf(_process.Id);

    /// <summary>Starts a process, and waits until it has called back.</summary>
    /// <exception cref="PluginRejectedException">It cannot be started.</exception>
    public static async Task<PluginChild> StartAsync(Sandbox sandbox, ChildProcesses processes, IWireServer server, string folder, string dataFolder, CancellationToken cancellationToken)
    {
        var socketFolder = Directory.CreateTempSubdirectory("calango-").FullName;
        try
        {
            using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            listener.Bind(new UnixDomainSocketEndPoint(Path.Combine(socketFolder, "s")));
            listener.Listen(1);
            var process = await SandboxLauncher.StartAsync(processes, sandbox.StartOf(socketFolder, folder, dataFolder));
            try
            {
                return new PluginChild(process, new Wire(await AcceptAsync(listener, process, cancellationToken), server, Limits));
            }
            catch
            {
                await process.DisposeAsync();
                throw;
            }
        }
        catch (ChildProcessException exception)
        {
            throw new PluginRejectedException(exception.Message);
        }
        finally
        {
            Directory.Delete(socketFolder, recursive: true);
        }
    }

    private static async Task<NetworkStream> AcceptAsync(Socket listener, IChildProcess process, CancellationToken cancellationToken)
    {
        var accepting = listener.AcceptAsync(cancellationToken).AsTask();
        if (await Task.WhenAny(accepting, process.Exited) == accepting)
        {
            return new NetworkStream(await accepting, ownsSocket: true);
        }

        // Closing the listener ends the wait for a caller.
        _ = accepting.ContinueWith(accepted => accepted.Exception, TaskScheduler.Default);
        throw new PluginRejectedException($"its process did not start: {ReasonOf(await process.Exited, process.LastErrors)}");
    }

    public async ValueTask DisposeAsync()
    {
        await Wire.DisposeAsync();
        await Ended;
    }

    private async Task<string> EndAsync()
    {
        await Task.WhenAny(_process.Exited, Wire.Ended, _watch.Alarm);
        if (_watch.Alarm.IsCompleted is false)
        {
            // Its own end, where that is what closed the wire, says more than ours.
            await ((Task)_process.Exited).WaitAsync(TimeSpan.FromSeconds(2)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await _process.DisposeAsync();
        var code = await _process.Exited;
        await Wire.DisposeAsync();
        await _watch.DisposeAsync();
        return _watch.Alarm.IsCompleted ? await _watch.Alarm : ReasonOf(code, _process.LastErrors);
    }

    // The type of an exception, and never its message: that may quote what a person wrote.
    private static string ReasonOf(int code, IReadOnlyList<string> errors) =>
        errors.Select(line => Unhandled().Match(line)).FirstOrDefault(match => match.Success) is { } match ? $"an unhandled {match.Groups[1].Value}"
        : errors.Any(line => line.StartsWith("Stack overflow", StringComparison.Ordinal)) ? "a stack overflow"
        : errors.Any(line => line.StartsWith("Out of memory", StringComparison.Ordinal)) ? "no memory left"
        : errors.Any(line => line.StartsWith("Process terminated", StringComparison.Ordinal)) ? "it ended itself (FailFast)"
        : errors.FirstOrDefault(line => line.StartsWith("bwrap: ", StringComparison.Ordinal)) is { } refused ? refused
        : code > 128 ? $"signal {code - 128}"
        : $"exit code {code}";

    [GeneratedRegex(@"^Unhandled exception\. ([\w.+`]+)")]
    private static partial Regex Unhandled();
}
