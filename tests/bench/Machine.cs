using System.Net;
using System.Net.Sockets;

namespace Calango.Bench;

/// <summary>The processes of a run: the scripted model, the bare relay, and servers on data folders of their own.</summary>
internal sealed class Machine : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("calango-bench-").FullName;
    private readonly List<ServerProcess> _processes = [];
    private readonly string _root = FindRoot();
    private int _folders;

    public Uri Upstream { get; private set; } = null!;

    public static async Task<Machine> StartAsync()
    {
        var machine = new Machine();
        var port = FreePort();
        machine.Upstream = new Uri($"http://127.0.0.1:{port}/v1");
        await machine.LaunchAsync(machine.Built("tests/Upstream", "Calango.Upstream.dll"), ["--port", $"{port}"], [], new Uri(machine.Upstream, "/v1/models"));
        return machine;
    }

    public string NewFolder() => Directory.CreateDirectory(Path.Combine(_folder, $"{++_folders}")).FullName;

    /// <summary>A relay that answers.</summary>
    public async Task<RelayTarget> StartRelayAsync()
    {
        var port = FreePort();
        var process = await LaunchAsync(
            Built("tests/bench/Relay", "Calango.Bench.Relay.dll"), [],
            new() { ["PORT"] = $"{port}", ["UPSTREAM"] = $"{Upstream}", ["DB"] = Path.Combine(NewFolder(), "relay.db") },
            new Uri($"http://127.0.0.1:{port}/"));
        return new RelayTarget(process);
    }

    /// <summary>A server with a connection to the scripted model; on <paramref name="dataFolder"/> and on PostgreSQL where given.</summary>
    public async Task<CalangoTarget> StartCalangoAsync(string? dataFolder = null, string? postgres = null)
    {
        var environment = new Dictionary<string, string>();
        if (postgres is not null)
        {
            (environment["CALANGO_MODE"], environment["CALANGO_POSTGRES"]) = ("Server", postgres);
            (environment["CALANGO_PROXIES"], environment["CALANGO_MAIL_FOLDER"], environment["CALANGO_MAIL_FROM"]) = ("127.0.0.1", NewFolder(), "calango@example.org");
            environment["CALANGO_SECRET"] = "Only to measure: ABCDEFGHIJKLMNOPQRSTUVWXYZ";
        }

        var address = new Uri($"http://127.0.0.1:{FreePort()}/");
        var process = await LaunchAsync(
            Path.Combine(_root, "artifacts/server/Calango.Web.dll"), [],
            new(environment) { ["CALANGO_URLS"] = address.ToString().TrimEnd('/'), ["CALANGO_DATA"] = dataFolder ?? NewFolder() },
            // Where people sign in, no page is for whoever has not.
            postgres is null ? address : new Uri(address, "health/ready"));
        return await CalangoTarget.ConnectAsync(process, Upstream);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes)
        {
            await process.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>What the machine was doing, for the report.</summary>
    public static string Describe() =>
        $"{Environment.ProcessorCount} cores, load {File.ReadAllText("/proc/loadavg").Split(' ')[0]}, .NET {Environment.Version}, {DateTimeOffset.FromUnixTimeSeconds(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds()):u}";

    private async Task<ServerProcess> LaunchAsync(string dll, IEnumerable<string> arguments, Dictionary<string, string> environment, Uri ready)
    {
        var process = await ServerProcess.LaunchAsync(dll, arguments, environment, ready);
        _processes.Add(process);
        return process;
    }

    private string Built(string project, string dll) => Path.Combine(_root, project, "bin/Release/net10.0", dll);

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    internal static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Calango.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("The benchmark runs from within the repository.");
        }

        return folder.FullName;
    }
}
