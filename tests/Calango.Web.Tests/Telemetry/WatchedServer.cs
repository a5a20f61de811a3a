using AngleSharp.Html.Dom;
using Calango.Tests.Fixtures;
using Calango.Tests.Support.Proxy;
using Calango.Tests.Support.Upstream;
using Calango.Web.Tests.Events;
using Calango.Web.Tests.Models;
using Npgsql;

namespace Calango.Web.Tests.Telemetry;

/// <summary>A server as a process of its own, on a PostgreSQL that can go away, that exports to a collector, with one connected model and a visitor.</summary>
internal sealed class WatchedServer : IAsyncDisposable
{
    private readonly TestDatabase _database;
    private readonly string _folder;

    private WatchedServer(TestDatabase database, TcpProxy door, string folder, OtlpCollector collector, ScriptedUpstream upstream, ServerProcess process)
    {
        (_database, Door, _folder, Collector, Upstream, Process) = (database, door, folder, collector, upstream, process);
        Ana = process.Visit();
    }

    public TcpProxy Door { get; }

    public OtlpCollector Collector { get; }

    public ScriptedUpstream Upstream { get; }

    public ServerProcess Process { get; }

    public Visitor Ana { get; }

    /// <summary>As the composer names it.</summary>
    public string Model { get; private set; } = "";

    /// <param name="key">The connection's key.</param>
    /// <param name="password">The one in the connection string; the database asks for none.</param>
    /// <param name="cancellationToken">The test's.</param>
    public static async Task<WatchedServer> StartAsync(string key, string password, CancellationToken cancellationToken)
    {
        var database = await TestDatabase.CreateAsync(DatabaseKind.Postgres);
        var door = database.OpenProxy();
        var folder = TestFolders.NewTemporary("watched");
        var collector = await OtlpCollector.StartAsync();
        var process = await ServerProcess.StartAsync(
            database, folder, [.. collector.Settings, new("CALANGO_POSTGRES", $"{database.ThroughProxy(door)};Password={password}")]);
        var server = new WatchedServer(database, door, folder, collector, await ScriptedUpstream.StartAsync(), process);
        await server.ConnectAsync(key, cancellationToken);
        return server;
    }

    /// <summary>From here on events go to the collector, as to a Langfuse.</summary>
    public Task SendEventsAsync(string secretKey, bool seesText, CancellationToken cancellationToken) =>
        Ana.PostAsync("/plugins/langfuse", cancellationToken, SinkFields.Of(Collector.Address, secretKey, seesText));

    /// <summary>From here on the database refuses every message, and quotes it.</summary>
    public async Task RefuseMessagesAsync(CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(_database.Options.Postgres);
        await connection.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand(
            """
            CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'Refused: %', NEW."Text"; END $$;
            CREATE TRIGGER refusal BEFORE INSERT ON messages FOR EACH ROW EXECUTE FUNCTION refuse();
            """, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Asks in a new chat and waits until the answer has ended.</summary>
    public async Task AskAsync(string text, CancellationToken cancellationToken)
    {
        await Ana.PostAsync("/messages", cancellationToken, ("Text", text), ("Model", Model));
        await AnsweredAsync(Ana.Path, cancellationToken);
    }

    /// <summary>Waits until no answer in the chat is being written.</summary>
    public Task AnsweredAsync(string chat, CancellationToken cancellationToken) => Eventually.HoldsAsync("the answer has ended", async () =>
    {
        using var response = await Ana.Http.GetAsync(chat, cancellationToken);
        return response.IsSuccessStatusCode && !(await response.Content.ReadAsStringAsync(cancellationToken)).Contains("aria-busy", StringComparison.Ordinal);
    }, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        Ana.Dispose();
        await Process.DisposeAsync();
        await Upstream.DisposeAsync();
        await Collector.DisposeAsync();
        await Door.DisposeAsync();
        await _database.DisposeAsync();
        TestFolders.Delete(_folder);
    }

    // Titles off: their calls would take the replies that a test enqueues.
    private async Task ConnectAsync(string key, CancellationToken cancellationToken)
    {
        var chat = await Ana.PostAsync("/models/connections/new", cancellationToken, ConnectionFields.Of(Upstream.Address.ToString(), key));
        Model = ((IHtmlInputElement)chat.QuerySelector("#composer [name=Model]")!).Value;
        await Ana.PostAsync("/models/titles", cancellationToken, ("_method", "PUT"), ("Mode", "Off"));
    }
}
