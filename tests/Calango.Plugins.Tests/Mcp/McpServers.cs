using Calango.Core.Plugins;
using Calango.Plugins.Mcp;
using Calango.Sdk;
using Calango.Tests.Fixtures;
using Calango.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Calango.Plugins.Tests.Mcp;

/// <summary>Real servers, from the packages that tests/McpServers pins.</summary>
internal sealed class McpServers : IAsyncDisposable
{
    private static readonly string Folder = Path.Combine(TestFolders.Repository, "tests", "McpServers");

    private readonly ChildProcesses _processes = new(NullLogger.Instance);
    private readonly PluginHttp _http = new();
    private readonly string _data = Directory.CreateTempSubdirectory("calango-mcp-").FullName;

    public McpServers()
    {
        Assert.SkipUnless(Directory.Exists(Path.Combine(Folder, "node_modules")), "The servers are not installed; ./calango test does it.");
        Tools = new McpTools(_http, _processes, new PluginContext("mcp", Folder, _data, _data, CancellationToken.None), Clock);
    }

    public McpTools Tools { get; }

    /// <summary>The time, as the plugin sees it.</summary>
    public ManualTime Clock { get; } = new();

    public static ToolServerSettings Everything(params (string Name, string Value)[] more) =>
        Program("node_modules/@modelcontextprotocol/server-everything/dist/index.js stdio", more);

    public static ToolServerSettings Growing() => Program("growing.mjs");

    public static ToolServerSettings Of(params (string Name, string Value)[] values) =>
        new(Guid.CreateVersion7(), Guid.CreateVersion7(), new SettingsValues(values.ToDictionary(value => value.Name, value => value.Value)));

    /// <summary>The server over HTTP, once it answers.</summary>
    public async Task<ToolServerSettings> StartHttpAsync(CancellationToken cancellationToken)
    {
        var port = FreePort();
        var process = _processes.Start(new ChildProcessStart(
            Node, [Path.Combine(Folder, "node_modules/@modelcontextprotocol/server-everything/dist/index.js"), "streamableHttp"], new Dictionary<string, string> { ["PORT"] = $"{port}" }));
        await Eventually.HoldsAsync(
            "the server listens", () => Task.FromResult(process.LastErrors.Any(line => line.Contains("listening", StringComparison.Ordinal))), cancellationToken);
        return Of(("transport", "http"), ("address", $"http://127.0.0.1:{port}/mcp"));
    }

    public async ValueTask DisposeAsync()
    {
        await Tools.DisposeAsync();
        await _processes.DisposeAsync();
        _http.Dispose();
        Directory.Delete(_data, recursive: true);
    }

    private static string Node => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Select(folder => Path.Combine(folder, "node")).First(File.Exists);

    private static ToolServerSettings Program(string script, params (string Name, string Value)[] more)
    {
        var words = script.Split(' ', 2);
        var rest = words.Length > 1 ? $" {words[1]}" : "";
        return Of([("transport", "stdio"), ("command", "node"), ("arguments", $"\"{Path.Combine(Folder, words[0])}\"{rest}"), .. more]);
    }

    private static int FreePort()
    {
        using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        return ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
    }
}
