namespace Calango.Sdk;

/// <summary>
/// Child processes that cannot outlive the server: each gets a pipe as its standard input that is never written to and
/// reaches its end when the server is gone, however it went; a child must exit then. Thread-safe.
/// </summary>
public interface IChildProcesses
{
    /// <summary>Starts a child. Output lines go to the log at debug level unless <see cref="ChildProcessStart.OnOutputLine"/> takes them.</summary>
    /// <exception cref="ChildProcessException">The file is missing or cannot be executed.</exception>
    IChildProcess Start(ChildProcessStart start);
}

/// <summary>What to start.</summary>
/// <param name="FileName">An absolute path; never looked up in PATH, never given to a shell.</param>
/// <param name="Arguments">One entry an argument, passed as they are.</param>
/// <param name="Environment">The child's whole environment besides PATH, HOME and DOTNET_ROOT: nothing else is inherited, secrets least of all.</param>
/// <param name="OnOutputLine">Called for each line of standard output, in order, on a background thread.</param>
public sealed record ChildProcessStart(
    string FileName,
    IReadOnlyList<string> Arguments,
    IReadOnlyDictionary<string, string>? Environment = null,
    Action<string>? OnOutputLine = null)
{
    /// <summary>
    /// Its input and output are the caller's, to talk to it: <see cref="IChildProcess.Input"/> is still the pipe that ends
    /// with the server, and a child that doesn't heed that is killed soon after.
    /// </summary>
    public bool IsSpokenTo { get; init; }
}

/// <summary>A running child. Disposing it kills it if it still runs.</summary>
public interface IChildProcess : IAsyncDisposable
{
    /// <summary>The operating system's process id.</summary>
    int Id { get; }

    /// <summary>Where to write what it reads; null: it isn't spoken to.</summary>
    Stream? Input { get; }

    /// <summary>Where to read what it writes; null: it isn't spoken to.</summary>
    Stream? Output { get; }

    /// <summary>Ends with the exit code when the child is gone. Never faults.</summary>
    Task<int> Exited { get; }

    /// <summary>Of standard error the first five and the last fifteen lines, newest last: what the child said before it died.</summary>
    IReadOnlyList<string> LastErrors { get; }

    /// <summary>Asks the child to end (standard input closes, then SIGTERM) and kills it after <paramref name="grace"/>.</summary>
    Task StopAsync(TimeSpan grace);
}

/// <summary>A child process could not be started.</summary>
public sealed class ChildProcessException(string message) : Exception(message);
