using System.Net;
using Calango.Core.Data;
using Calango.Core.Models;
using Calango.Tests.Fixtures;
using Calango.Tests.Support.Proxy;
using Calango.Tests.Support.Upstream;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Calango.Faults.Tests;

/// <summary>
/// A server as a process of its own, with its database and its model service, each behind a proxy. The server may die and
/// be started again; the others stay, and so does the record of what clients were told.
/// </summary>
internal sealed class Installation : IAsyncDisposable
{
    private readonly TestDatabase _database;
    private readonly Conditions _conditions;
    private readonly ServiceProvider _data;
    private readonly string _folder;

    private Installation(TestDatabase database, Conditions conditions, ScriptedUpstream upstream)
    {
        (_database, _conditions, Upstream) = (database, conditions, upstream);
        _folder = (database.Kind == DatabaseKind.Sqlite ? conditions.DatabaseDisk?.Folder : null) ?? TestFolders.NewTemporary("faults");
        ToModel = TcpProxy.To(new IPEndPoint(IPAddress.Loopback, upstream.Address.Port));
        ToDatabase = database.Kind == DatabaseKind.Postgres ? database.OpenProxy() : null;
        var options = new DatabaseOptions { Postgres = database.Options.Postgres, SqlitePath = Path.Combine(_folder, "calango.db") };
        _data = new ServiceCollection().AddCalangoData(options).BuildServiceProvider();
        Oracle = new Oracle(this);
    }

    /// <summary>Which database it runs on.</summary>
    public DatabaseKind Kind => _database.Kind;

    /// <summary>The server as it runs now.</summary>
    public ServerProcess Server { get; private set; } = null!;

    /// <summary>The model service; each answer reports its usage.</summary>
    public ScriptedUpstream Upstream { get; }

    /// <summary>What stands between the server and its model service.</summary>
    public TcpProxy ToModel { get; }

    /// <summary>What stands between the server and PostgreSQL; null on SQLite.</summary>
    public TcpProxy? ToDatabase { get; }

    /// <summary>What clients were told.</summary>
    public Ledger Ledger { get; } = new();

    /// <summary>Judges whether anything was lost.</summary>
    public Oracle Oracle { get; }

    /// <summary>The server's data, read past the server and the proxy.</summary>
    public Database Data => _data.GetRequiredService<Database>();

    /// <summary>How to reach PostgreSQL past the proxy; null on SQLite.</summary>
    public string? Postgres => _database.Options.Postgres;

    /// <summary>The SQLite file.</summary>
    public string SqlitePath => Path.Combine(_folder, "calango.db");

    /// <summary>Where servers keep files while they are read, each in a folder of its own.</summary>
    public string IncomingFolder => Path.Combine(_folder, "incoming");

    /// <summary>The model of <see cref="Upstream"/>.</summary>
    public ModelRef Model { get; private set; }

    /// <summary>Starts one with a connected model, titles off, and a stranger's chat that no fault may show.</summary>
    public static async Task<Installation> StartAsync(DatabaseKind kind, CancellationToken cancellationToken, Conditions? conditions = null)
    {
        conditions ??= new Conditions();
        var database = await TestDatabase.CreateAsync(kind, server: conditions.Postgres, tablespace: kind == DatabaseKind.Postgres ? conditions.DatabaseDisk?.Folder : null);
        var installation = new Installation(database, conditions, await ScriptedUpstream.StartAsync());
        await installation.RestartAsync();
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

    /// <summary>Starts a server on the data, after one that has ended or was killed.</summary>
    /// <param name="port">Where it is to answer; 0: anywhere.</param>
    public async Task RestartAsync(int port = 0)
    {
        if (Server is not null)
        {
            await Server.DisposeAsync();
        }

        // One that writes into a file cannot say here where it answers.
        var chosen = port == 0 && _conditions.LogFile is not null ? ServerProcess.FreePort() : port;
        var settings = new Dictionary<string, string?>(_conditions.Settings) { ["CALANGO_URLS"] = $"http://127.0.0.1:{chosen}" };
        if (ToDatabase is not null)
        {
            settings["CALANGO_POSTGRES"] = _database.ThroughProxy(ToDatabase);
        }

        Server = _conditions.LogFile is { } log
            ? await ServerProcess.StartWithLogFileAsync(_database, _folder, settings, log, CancellationToken.None)
            : await ServerProcess.StartAsync(_database, _folder, settings);
    }

    /// <summary>Takes the database away until it is returned.</summary>
    public Task<AwayDatabase> TakeDatabaseAwayAsync() => AwayDatabase.TakeAsync(ToDatabase, SqlitePath);

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
        await ToModel.DisposeAsync();
        if (ToDatabase is not null)
        {
            await ToDatabase.DisposeAsync();
        }

        await _data.DisposeAsync();
        await _database.DisposeAsync();
        if (_folder != _conditions.DatabaseDisk?.Folder)
        {
            TestFolders.Delete(_folder);
        }
    }

    private async Task ConnectAsync(CancellationToken cancellationToken)
    {
        using var visitor = Server.Visit();
        var limits = _conditions.Limits;
        await visitor.PostAsync(
            "/models/connections/new", cancellationToken, ("ProviderId", "openai-compatible"), ("PresetId", ""), ("Name", "Scripted"),
            ("Values[address]", $"http://127.0.0.1:{ToModel.Port}/v1"), ("FirstTokenSeconds", $"{limits.FirstTokenSeconds}"),
            ("BetweenTokensSeconds", $"{limits.BetweenTokensSeconds}"), ("WholeTurnSeconds", $"{limits.WholeTurnSeconds}"));
        await visitor.PostAsync("/models/titles", cancellationToken, ("_method", "PUT"), ("Mode", "Off"));
        var connection = await Data.ReadAsync(db => db.Set<Connection>().SingleAsync(cancellationToken), cancellationToken);
        Model = new ModelRef(connection.Id, Upstream.Models[0]);
    }
}
