using System.Diagnostics;
using System.Globalization;

namespace Calango.Bench;

/// <summary>A server under measurement: its process, its address, and what the operating system says it used.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private const double TicksPerSecond = 100;
    private readonly Process _process;
    private bool _ended;

    private ServerProcess(Process process, Uri address, TimeSpan start)
    {
        (_process, Address, Start) = (process, address, start);
        Http = NewClient(address);
    }

    public Uri Address { get; }

    /// <summary>From the launch to the first page.</summary>
    public TimeSpan Start { get; }

    public HttpClient Http { get; }

    /// <summary>What the first account is made with; null: there are no accounts, or there is one.</summary>
    public string? SetUpToken { get; private init; }

    /// <summary>Seconds of CPU so far.</summary>
    public double CpuSeconds
    {
        get
        {
            // The name may hold spaces, so the fields are counted behind its closing parenthesis.
            var stat = File.ReadAllText($"/proc/{_process.Id}/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return (double.Parse(fields[11], CultureInfo.InvariantCulture) + double.Parse(fields[12], CultureInfo.InvariantCulture)) / TicksPerSecond;
        }
    }

    /// <summary>Megabytes of memory now.</summary>
    public double MemoryMegabytes => double.Parse(
        File.ReadLines($"/proc/{_process.Id}/status").First(line => line.StartsWith("VmRSS", StringComparison.Ordinal)).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1],
        CultureInfo.InvariantCulture) / 1024;

    public static async Task<ServerProcess> LaunchAsync(string dll, IEnumerable<string> arguments, Dictionary<string, string> environment, Uri ready)
    {
        var start = new ProcessStartInfo("dotnet", [dll, .. arguments]) { RedirectStandardOutput = true, WorkingDirectory = Path.GetDirectoryName(dll)! };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        var stopwatch = Stopwatch.StartNew();
        var process = Process.Start(start)!;
        string? token = null;
        process.OutputDataReceived += (_, line) => token ??= line.Data?.Split("set-up token: ") is [_, var printed] ? printed : null;
        process.BeginOutputReadLine();
        using var http = NewClient(ready);
        using var retry = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (!await AnswersAsync(http, ready))
        {
            if (process.HasExited)
            {
                throw new InvalidOperationException($"{Path.GetFileName(dll)} ended with {process.ExitCode}.");
            }

            await retry.WaitForNextTickAsync();
        }

        return new ServerProcess(process, new Uri(ready, "/"), stopwatch.Elapsed) { SetUpToken = token };
    }

    public async ValueTask DisposeAsync()
    {
        // The row that started it ends it; the machine ends what is left.
        if (_ended)
        {
            return;
        }

        _ended = true;
        Http.Dispose();
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static async Task<bool> AnswersAsync(HttpClient http, Uri ready)
    {
        try
        {
            using var response = await http.GetAsync(ready);
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static HttpClient NewClient(Uri address)
    {
#pragma warning disable RS0030 // a measuring client of its own, outside any kernel
        return new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = int.MaxValue, UseProxy = false, AllowAutoRedirect = false })
        {
            BaseAddress = new Uri(address, "/"),
            Timeout = Timeout.InfiniteTimeSpan,
        };
#pragma warning restore RS0030
    }
}
