using Calango.Core.Data;
using Calango.Core.Models;
using Calango.Tests.Fixtures;
using Calango.Tests.Support.Upstream;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Calango.Faults.Tests;

/// <summary>
/// A server as a process of its own, with its database and its model service. The server may die and be started again;
/// the others stay, and so does the record of what clients were told.
/// </summary>
internal sealed class Installation : IAsyncDisposable
{
    private readonly TestDatabase _database;
    private readonly ServiceProvider _data;
    private readonly string _folder;

    private Installation(TestDatabase database, string folder, ServerProcess server, ScriptedUpstream upstream)
    {
        (_database, _folder, Server, Upstream) = (database, folder, server, upstream);
        _data = new ServiceCollection().AddCalangoData(OptionsOf(database, folder)).BuildServiceProvider();
        Oracle = new Oracle(this);
    }

    /// <summary>The server as it runs now.</summary>
    public ServerProcess Server { get; private set; }

    /// <summary>The model service; each answer reports its usage.</summary>
    public ScriptedUpstream Upstream { get; }

    /// <summary>What clients were told.</summary>
    public Ledger Ledger { get; } = new();

    /// <summary>Judges whether anything was lost.</summary>
    public Oracle Oracle { get; }

    /// <summary>The server's data, read past the server.</summary>
    public Database Data => _data.GetRequiredService<Database>();

    /// <summary>The model of <see cref="Upstream"/>.</summary>
    public ModelRef Model { get; private set; }

    /// <summary>Starts one with a connected model, titles off, and a stranger's chat that no fault may show.</summary>
    public static async Task<Installation> StartAsync(DatabaseKind kind, CancellationToken cancellationToken)
    {
        var database = await TestDatabase.CreateAsync(kind);
        var folder = TestFolders.NewTemporary("faults");
        var server = await ServerProcess.StartAsync(database, folder);
        var installation = new Installation(database, folder, server, await ScriptedUpstream.StartAsync());
        await installation.ConnectAsync(cancellationToken);
        await installation.Oracle.AddStrangerAsync(cancellationToken);
        return installation;
    }

    /// <summary>A tab in a browser of its own, with the first page open.</summary>
    public async Task<Tab> OpenTabAsync(CancellationToken cancellationToken)
    {
        var visitor = Server.Visit();
        await visitor.GetAsync("/", cancellationToken);
        return new Tab(this, visitor);
    }

    /// <summary>Kills the server as kill -9 does; the readers' streams break.</summary>
    public Task KillAsync()
    {
        Ledger.ServerDies();
        return Server.KillAsync();
    }

    /// <summary>Starts a server again on the same data.</summary>
    public async Task RestartAsync()
    {
        await Server.DisposeAsync();
        Server = await ServerProcess.StartAsync(_database, _folder);
    }

    /// <summary>The next chat request, whose question must be stored by the time it is asked.</summary>
    public async Task<UpstreamRequest> NextRequestAsync(CancellationToken cancellationToken)
    {
        var request = await Upstream.NextRequestAsync(cancellationToken).AsTask().WaitAsync(Eventually.Limit, cancellationToken);
        Assert.True(await Oracle.IsStoredAsync(request.LastUserText, cancellationToken), "The model was asked before the question was stored.");
        return request;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        await Upstream.DisposeAsync();
        await _data.DisposeAsync();
        await _database.DisposeAsync();
        TestFolders.Delete(_folder);
    }

    private async Task ConnectAsync(CancellationToken cancellationToken)
    {
        using var visitor = Server.Visit();
        await visitor.PostAsync(
            "/models/connections/new", cancellationToken, ("ProviderId", "openai-compatible"), ("PresetId", ""), ("Name", "Scripted"),
            ("Values[address]", Upstream.Address.ToString()), ("FirstTokenSeconds", "120"), ("BetweenTokensSeconds", "120"), ("WholeTurnSeconds", "600"));
        await visitor.PostAsync("/models/titles", cancellationToken, ("_method", "PUT"), ("Mode", "Off"));
        var connection = await Data.ReadAsync(db => db.Set<Connection>().SingleAsync(cancellationToken), cancellationToken);
        Model = new ModelRef(connection.Id, Upstream.Models[0]);
    }

    private static DatabaseOptions OptionsOf(TestDatabase database, string folder) =>
        new() { Postgres = database.Options.Postgres, SqlitePath = Path.Combine(folder, "calango.db") };
}
