using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;

namespace Calango.Tests.Fixtures;

/// <summary>The server as a process of its own, to be killed, stopped and started again on the same data. The test brings the database and keeps it.</summary>
public sealed class ServerProcess : IAsyncDisposable
{
#if DEBUG
    private const string Configuration = "Debug";
#else
    private const string Configuration = "Release";
#endif

    private const string Terminal = "script";

    private static readonly string Program = Path.Combine(TestFolders.Repository, "web", "bin", Configuration, "net10.0", "Calango.Web.dll");

    private const string TokenMark = "set-up token: ";

    private readonly Process _process;
    private readonly Lifeline _lifeline;
    private readonly ConcurrentQueue<string> _log;
    private string? _session;

    private ServerProcess(Process process, Uri address, ConcurrentQueue<string> log)
    {
        (_process, Address, _log) = (process, address, log);
        _lifeline = new Lifeline(process);
    }

    /// <summary>The lines that it has written so far, to its standard output and its standard error.</summary>
    public IReadOnlyCollection<string> Log => _log;

    /// <summary>Where it answers.</summary>
    public Uri Address { get; }

    /// <summary>Its process id.</summary>
    public int Id => _process.Id;

    /// <summary>A port that nobody uses now, for a server that must be found before it says where it is.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Starts it and waits until it says where it answers.</summary>
    /// <param name="database">Kept by the caller.</param>
    /// <param name="dataFolder">Kept by the caller.</param>
    /// <param name="settings">Environment variables over those of the test.</param>
    public static async Task<ServerProcess> StartAsync(TestDatabase database, string dataFolder, IEnumerable<KeyValuePair<string, string?>>? settings = null)
    {
        await database.PlaceAsync(dataFolder);
        var server = await StartAsync(StartInfo(database, dataFolder, settings));
        await server.SetUpAsync(database, server.Log);
        return server;
    }

    /// <summary>Starts one in which a plugin's author works, and waits until it says where it answers.</summary>
    /// <param name="project">The plugin's project.</param>
    /// <param name="dataFolder">Kept by the caller.</param>
    public static Task<ServerProcess> StartToDevelopAsync(string project, string dataFolder)
    {
        var start = new ProcessStartInfo("dotnet", [Program, "plugin", "run", project, "--data", dataFolder])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = project,
        };
        start.Environment["CALANGO_PLUGINS"] = TestFolders.Plugins;
        // Servers of the build would outlive the test; and the locks are this project's, not an author's.
        (start.Environment["MSBUILDDISABLENODEREUSE"], start.Environment["UseSharedCompilation"]) = ("1", "false");
        start.Environment.Remove("RestoreLockedMode");
        return StartAsync(start);
    }

    private static async Task<ServerProcess> StartAsync(ProcessStartInfo start)
    {
        var process = Process.Start(start)!;
        var log = new ConcurrentQueue<string>();
        var errors = KeepAsync(process.StandardError, log);
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            log.Enqueue(line);
            if (Uri.TryCreate(line, UriKind.Absolute, out var address) && address.Scheme == Uri.UriSchemeHttp)
            {
                _ = KeepAsync(process.StandardOutput, log);
                return new ServerProcess(process, address, log);
            }
        }

        await errors;
        await process.WaitForExitAsync();
        throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"The server did not start: exit code {process.ExitCode}.\n{string.Join('\n', log)}"));
    }

    /// <summary>Starts one whose standard output goes to a file, as a supervisor's does, and waits until it is ready at the address of its settings.</summary>
    public static async Task<ServerProcess> StartWithLogFileAsync(
        TestDatabase database, string dataFolder, IReadOnlyDictionary<string, string?> settings, string logFile, CancellationToken cancellationToken)
    {
        await database.PlaceAsync(dataFolder);
        var start = StartInfo(database, dataFolder, settings);
        start.FileName = "/bin/sh";
        start.ArgumentList.Clear();
        foreach (var argument in (string[])["-c", "exec dotnet \"$0\" >>\"$1\"", Program, logFile])
        {
            start.ArgumentList.Add(argument);
        }

        var process = Process.Start(start)!;
        var log = new ConcurrentQueue<string>();
        _ = KeepAsync(process.StandardError, log);
        var address = new Uri(settings["CALANGO_URLS"]!);
        using var http = new HttpClient { BaseAddress = address };
        await Eventually.HoldsAsync("the server is ready", async () => await IsReadyAsync(http, cancellationToken), cancellationToken);
        var server = new ServerProcess(process, address, log);
        await server.SetUpAsync(database, File.ReadLines(logFile).Concat(log));
        return server;
    }

    /// <summary>Starts one as somebody does at a terminal, which <c>script</c> plays, and waits until it says where it answers.</summary>
    public static Task<ServerProcess> StartAtTerminalAsync(TestDatabase database, string dataFolder)
    {
        var start = StartInfo(database, dataFolder, null);
        start.FileName = Terminal;
        start.ArgumentList.Clear();
        foreach (var argument in (string[])["--quiet", "--flush", "--return", "--command", $"exec dotnet '{Program}'", "/dev/null"])
        {
            start.ArgumentList.Add(argument);
        }

        return StartAsync(start);
    }

    /// <summary>Starts one that must refuse to: its exit code, why, and what it had logged by then.</summary>
    public static async Task<(int ExitCode, string Error, string Log)> RefusalAsync(TestDatabase database, string dataFolder, IEnumerable<KeyValuePair<string, string?>> settings, CancellationToken cancellationToken)
    {
        using var process = Process.Start(StartInfo(database, dataFolder, settings))!;
        using var lifeline = new Lifeline(process);
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var error = await process.StandardError.ReadToEndAsync(cancellationToken);
        var log = await output;
        await process.WaitForExitAsync(cancellationToken);
        return (process.ExitCode, error, log);
    }

    /// <summary>Kills one in the middle of its start, once a moment has come.</summary>
    public static async Task KillWhileStartingAsync(TestDatabase database, string dataFolder, Func<Task> moment, IEnumerable<KeyValuePair<string, string?>>? settings = null)
    {
        using var process = Process.Start(StartInfo(database, dataFolder, settings))!;
        using var lifeline = new Lifeline(process);
        var log = new ConcurrentQueue<string>();
        var output = Task.WhenAll(KeepAsync(process.StandardOutput, log), KeepAsync(process.StandardError, log));
        try
        {
            await moment();
        }
        finally
        {
            process.Kill();
            await output;
            await process.WaitForExitAsync();
        }
    }

    /// <summary>Runs one in a folder, with nothing set but what the test sets, until it ends by itself.</summary>
    /// <param name="folder">Where it is started.</param>
    /// <param name="variables">All environment variables that are about Calango or model services.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <param name="arguments">The command's arguments.</param>
    /// <exception cref="InvalidOperationException">It serves instead of ending.</exception>
    public static async Task<(int ExitCode, string Output, string Error)> RunAsync(
        string folder, IEnumerable<KeyValuePair<string, string?>> variables, CancellationToken cancellationToken, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Program, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder };
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("CALANGO_", StringComparison.Ordinal) || name.StartsWith("OPENAI_", StringComparison.Ordinal) || name == "OLLAMA_HOST").ToList())
        {
            start.Environment.Remove(name);
        }

        foreach (var (name, value) in variables)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        using var lifeline = new Lifeline(process);
        var error = process.StandardError.ReadToEndAsync(cancellationToken);
        var output = new StringBuilder();
        while (await process.StandardOutput.ReadLineAsync(cancellationToken) is { } line)
        {
            output.AppendLine(line);
            if (Uri.TryCreate(line, UriKind.Absolute, out var address) && address.Scheme == Uri.UriSchemeHttp)
            {
                process.Kill();
                throw new InvalidOperationException("The server started.");
            }
        }

        await process.WaitForExitAsync(cancellationToken);
        return (process.ExitCode, output.ToString(), await error);
    }

    /// <summary>A visitor without scripts; on PostgreSQL, where people sign in, the first person.</summary>
    public Visitor Visit() => new(Address, _session);

    /// <summary>Kills it as kill -9 does.</summary>
    public async Task KillAsync()
    {
        // What runs at a terminal outlives it while it stops, and its database is not free until then.
        _process.Kill(entireProcessTree: _process.StartInfo.FileName == Terminal);
        await _process.WaitForExitAsync();
    }

    /// <summary>Asks it to stop with SIGTERM, waits until it has, and returns its exit code.</summary>
    public Task<int> TerminateAsync(CancellationToken cancellationToken = default)
    {
        Signal(SigTerm);
        return ExitAsync(cancellationToken);
    }

    /// <summary>Waits until it has ended, for whatever reason, and returns its exit code.</summary>
    public async Task<int> ExitAsync(CancellationToken cancellationToken)
    {
        await _process.WaitForExitAsync(cancellationToken);
        return _process.ExitCode;
    }

    /// <summary>Sends SIGTERM and returns at once.</summary>
    public void BeginTermination() => Signal(SigTerm);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _lifeline.Dispose();
        _process.Dispose();
    }

    private static ProcessStartInfo StartInfo(TestDatabase database, string dataFolder, IEnumerable<KeyValuePair<string, string?>>? settings)
    {
        var start = new ProcessStartInfo("dotnet", [Program]) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = dataFolder };
        foreach (var (key, value) in ServerSettings.For(database, dataFolder, settings))
        {
            start.Environment[key] = value;
        }

        return start;
    }

    // The first server on a database prints how its first account is made; those after it know that account.
    private async Task SetUpAsync(TestDatabase database, IEnumerable<string> log)
    {
        if (log.FirstOrDefault(line => line.Contains(TokenMark, StringComparison.Ordinal)) is { } line)
        {
            await database.SetUpAsync(() => Visitor.SetUpAsync(Address, line[(line.IndexOf(TokenMark, StringComparison.Ordinal) + TokenMark.Length)..]));
        }

        _session = database.Session;
    }

    private static async Task<bool> IsReadyAsync(HttpClient http, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await http.GetAsync("/health/ready", cancellationToken);
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static async Task KeepAsync(StreamReader output, ConcurrentQueue<string> log)
    {
        while (await output.ReadLineAsync() is { } line)
        {
            log.Enqueue(line);
        }
    }

    private const int SigTerm = 15;

    private void Signal(int signal)
    {
        if (Kill(_process.Id, signal) != 0)
        {
            throw new InvalidOperationException("The server has gone already.");
        }
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static extern int Kill(int process, int signal);
}
