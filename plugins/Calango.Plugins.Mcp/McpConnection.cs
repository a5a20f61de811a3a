using System.Reflection;
using Calango.Sdk;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace Calango.Plugins.Mcp;

/// <summary>A connected server. Its tools are listed once, and again once it says that they have changed. Thread-safe.</summary>
internal sealed class McpConnection : IAsyncDisposable
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);
    private static readonly HttpLimits Limits = new(MaxLineBytes: 4 * 1024 * 1024, MaxBodyBytes: 1024L * 1024 * 1024);

    private readonly IChildProcess? _process;
    private McpClient _client = null!;
    private volatile IReadOnlyList<ToolInfo>? _tools;
    private int _changes;
    private int _disposed;

    private McpConnection(Guid version, IChildProcess? process) => (Version, _process) = (version, process);

    /// <summary>The version of its settings.</summary>
    public Guid Version { get; }

    /// <summary>It has ended by itself.</summary>
    public bool IsOver => _client.Completion.IsCompleted || _process is { Exited.IsCompleted: true };

    /// <summary>What a program said last before it died; null: it is none.</summary>
    public IReadOnlyList<string>? LastErrors => _process is { Exited.IsCompleted: true } ? _process.LastErrors : null;

    /// <exception cref="ProviderException">With the kind that says what is wrong.</exception>
    public static async Task<McpConnection> OpenAsync(ToolServerSettings server, IPluginHttp http, IChildProcesses processes, CancellationToken cancellationToken)
    {
        var settings = SettingsSchema.Bind<McpSettings>(server.Values);
        var process = settings.Transport == "stdio" ? Start(settings, processes) : null;
        var connection = new McpConnection(server.Version, process);
        try
        {
            await connection.ConnectAsync(settings, http, cancellationToken).ConfigureAwait(false);
            return connection;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested || process is { Exited.IsCompleted: true })
        {
            if (process is not null)
            {
                // Its output ends a moment before it does; what it said is known then.
                await ((Task)process.Exited).WaitAsync(Grace, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            throw Failures.From(exception, process is { Exited.IsCompleted: true } ? process.LastErrors : null);
        }
        finally
        {
            if (connection._client is null && process is not null)
            {
                await process.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    public async Task<IReadOnlyList<ToolInfo>> ListAsync(CancellationToken cancellationToken)
    {
        if (_tools is { } known)
        {
            return known;
        }

        var changes = Volatile.Read(ref _changes);
        IReadOnlyList<ToolInfo> listed = [.. (await _client.ListToolsAsync(cancellationToken: cancellationToken).ConfigureAwait(false)).Select(Describe)];
        // A change that was told meanwhile may not be in it.
        _tools = changes == Volatile.Read(ref _changes) ? listed : null;
        return listed;
    }

    public async Task<ToolResult> CallAsync(string tool, Dictionary<string, object?> arguments, CancellationToken cancellationToken)
    {
        if ((await ListAsync(cancellationToken).ConfigureAwait(false)).All(known => known.Name != tool))
        {
            throw new ProviderException(ProviderErrorKind.ModelNotFound);
        }

        var result = await _client.CallToolAsync(tool, arguments, cancellationToken: cancellationToken).ConfigureAwait(false);
        return new ToolResult(ResultText.Of(result), result.IsError == true);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        try
        {
            await _client.DisposeAsync().AsTask().WaitAsync(Grace).ConfigureAwait(false);
        }
        catch (Exception)
        {
            // A server that doesn't take leave is left all the same.
        }

        if (_process is not null)
        {
            await _process.StopAsync(Grace).ConfigureAwait(false);
        }
    }

    private async Task ConnectAsync(McpSettings settings, IPluginHttp http, CancellationToken cancellationToken)
    {
        IClientTransport transport = _process is { } process
            ? new StreamClientTransport(process.Input!, new CappedLines(process.Output!, Limits.MaxLineBytes))
            : new HttpClientTransport(OptionsOf(settings), http.CreateClient(Limits), loggerFactory: null, ownsHttpClient: true);
        _client = await McpClient.CreateAsync(
            transport,
            new McpClientOptions
            {
                ClientInfo = new Implementation { Name = "Calango", Version = Assembly.GetExecutingAssembly().GetName().Version!.ToString(3) },
                Handlers = new McpClientHandlers
                {
                    NotificationHandlers = [KeyValuePair.Create<string, Func<JsonRpcNotification, CancellationToken, ValueTask>>(NotificationMethods.ToolListChangedNotification, ToolsChangedAsync)],
                },
            },
            loggerFactory: null,
            cancellationToken).ConfigureAwait(false);
    }

    private ValueTask ToolsChangedAsync(JsonRpcNotification notification, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _changes);
        _tools = null;
        return ValueTask.CompletedTask;
    }

    private static HttpClientTransportOptions OptionsOf(McpSettings settings) => new()
    {
        Endpoint = settings.Address ?? throw new ProviderException(ProviderErrorKind.InvalidSettings, "address"),
        TransportMode = HttpTransportMode.StreamableHttp,
        AdditionalHeaders = settings.Token is { Length: > 0 } token ? new Dictionary<string, string> { ["Authorization"] = $"Bearer {token}" } : [],
    };

    private static IChildProcess Start(McpSettings settings, IChildProcesses processes) => processes.Start(new ChildProcessStart(
        CommandLine.FileOf(settings.Command), CommandLine.Words(settings.Arguments), CommandLine.Variables(settings.Environment))
    {
        IsSpokenTo = true,
    });

    // What a server says of its tools is a hint that nobody vouches for; a person is asked either way unless they say otherwise.
    private static ToolInfo Describe(McpClientTool tool) => new(
        tool.Name,
        tool.Description is { Length: > 0 } description ? description : tool.Name,
        tool.JsonSchema.GetRawText(),
        tool.ProtocolTool.Annotations is { ReadOnlyHint: true } ? ToolEffect.ReadOnly : ToolEffect.Changing)
    {
        Title = tool.Title,
    };
}
