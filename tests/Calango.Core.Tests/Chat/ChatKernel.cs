using Calango.Core.Chat;
using Calango.Core.Data;
using Calango.Core.Identity;
using Calango.Core.Models;
using Calango.Core.Plugins;
using Calango.Sdk;
using Calango.Tests.Fixtures;
using Calango.Tests.Support.Upstream;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Calango.Core.Tests.Chat;

/// <summary>The whole kernel on one database, connected to a scripted model.</summary>
internal sealed class ChatKernel : IAsyncDisposable
{
    private readonly string _folder = TestFolders.NewTemporary("chat");
    private readonly DatabaseOptions _database;
    private readonly TimeProvider _clock;
    private IHost _host;

    private ChatKernel(ScriptedUpstream upstream, DatabaseOptions database, TimeProvider clock)
    {
        Upstream = upstream;
        (_database, _clock) = (database, clock);
        _host = null!;
    }

    public static Guid Ana => Account.LocalId;

    public ScriptedUpstream Upstream { get; }

    public ModelRef Model { get; private set; }

    public string? Postgres => _database.Postgres;

    public TestLog Log { get; } = new();

    public Turns Turns => Get<Turns>();

    public MessageTree Messages => Get<MessageTree>();

    public Conversations Conversations => Get<Conversations>();

    /// <param name="kind">The database.</param>
    /// <param name="clock">The time; null: the real one.</param>
    public static async Task<ChatKernel> StartAsync(DatabaseKind kind, TimeProvider? clock = null)
    {
        var upstream = await ScriptedUpstream.StartAsync();
        var database = kind == DatabaseKind.Sqlite
            ? new DatabaseOptions()
            : new DatabaseOptions { Postgres = await (await PostgresServer.SharedAsync()).CreateDatabaseAsync() };
        var kernel = new ChatKernel(upstream, database, clock ?? TimeProvider.System);
        database.SqlitePath = Path.Combine(kernel._folder, "calango.db");
        await kernel.StartHostAsync();
        var connection = await kernel.Get<Connections>().AddAsync(
            new ConnectionInput("openai-compatible", "openai", "Scripted", new Dictionary<string, string?> { ["address"] = upstream.Address.ToString(), ["apiKey"] = "sk-test" }, new TimeLimits()),
            TestContext.Current.CancellationToken);
        kernel.Model = new ModelRef(connection.Id, "fake");
        await kernel.Get<ModelCatalog>().RefreshAsync(connection.Id, TestContext.Current.CancellationToken);
        // Titles are a model call too: a test that is about them asks for them.
        await kernel.Get<TaskChoices>().ChooseAsync(Ana, ModelTask.Title, TaskMode.Off, null, TestContext.Current.CancellationToken);
        return kernel;
    }

    public T Get<T>() where T : notnull => _host.Services.GetRequiredService<T>();

    /// <summary>Gives the connection other time limits.</summary>
    public async Task LimitTimeAsync(TimeLimits limits)
    {
        var connections = Get<Connections>();
        var connection = (await connections.FindAsync(Model.ConnectionId, TestContext.Current.CancellationToken))!;
        var input = new ConnectionInput(connection.ProviderId, connection.PresetId, connection.Name, connection.Settings.ToDictionary(pair => pair.Key, pair => (string?)pair.Value), limits);
        await connections.UpdateAsync(connection.Id, input, TestContext.Current.CancellationToken);
    }

    public Task<Turn> SendAsync(string text, Guid? conversationId = null, Guid? clientMessageId = null) =>
        SendAsync(new NewMessage(conversationId, text, clientMessageId ?? Guid.CreateVersion7(), Model, "request"));

    public async Task<Turn> SendAsync(NewMessage message) => (await Turns.AskAsync(Ana, message, TestContext.Current.CancellationToken)).Turn;

    /// <summary>Sends and waits for the end.</summary>
    public async Task<Turn> AskAsync(string text, Guid? conversationId = null) => await EndOfAsync(await SendAsync(text, conversationId));

    /// <summary>The turn once it has ended.</summary>
    public async Task<Turn> EndOfAsync(Turn turn)
    {
        if (Turns.Live(Ana, turn.Id)?.Log is { } log)
        {
            for (var slice = log.Read(0); !slice.Ended; slice = log.Read(slice.Sequence))
            {
                await log.WaitAsync(slice.Sequence, TestContext.Current.CancellationToken);
            }
        }

        return (await Turns.FindAsync(Ana, turn.Id, TestContext.Current.CancellationToken))!;
    }

    /// <summary>Waits until the turn has written at least this much.</summary>
    public async Task<TurnLogSlice> WrittenAsync(Turn turn, int length)
    {
        var log = Turns.Live(Ana, turn.Id)!.Log;
        var slice = log.Read(0);
        while (slice.Text.Length < length && !slice.Ended)
        {
            await log.WaitAsync(slice.Sequence, TestContext.Current.CancellationToken);
            slice = log.Read(0);
        }

        return slice;
    }

    /// <summary>The texts of the shown path.</summary>
    public async Task<IReadOnlyList<string>> ShownAsync(Guid conversationId) =>
        [.. (await Messages.PageAsync(Ana, conversationId, null, 100, TestContext.Current.CancellationToken))!.Messages.Select(view => view.Message.Text)];

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        await ((IAsyncDisposable)_host).DisposeAsync();
        await Upstream.DisposeAsync();
        TestFolders.Delete(_folder);
        if (_database.Postgres is { } connectionString)
        {
            await (await PostgresServer.SharedAsync()).DropDatabaseAsync(connectionString);
        }
    }

    private async Task StartHostAsync()
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Services.AddLogging(logging => logging.ClearProviders().AddProvider(Log));
        builder.Services.AddSingleton(_clock);
        builder.Services.AddDataProtection().PersistKeysToFileSystem(new DirectoryInfo(Path.Combine(_folder, "keys")));
        builder.Services.AddCalangoCore(new CoreOptions
        {
            DataFolder = _folder,
            PluginsFolder = TestFolders.Plugins,
            LocalesFolder = Path.Combine(TestFolders.Repository, "locales"),
            Database = _database,
        });
        _host = builder.Build();
        await Get<DatabaseUpgrade>().RunAsync(TestContext.Current.CancellationToken);
        await Get<PluginHost>().StartAsync(TestContext.Current.CancellationToken);
        Assert.Equal([], Get<PluginHost>().Plugins.Where(plugin => plugin.Reason is not null));
        await _host.StartAsync(TestContext.Current.CancellationToken);
    }
}
