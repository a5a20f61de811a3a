using System.Net.Sockets;
using Calango.Core.Data;
using Calango.Tests.Support.Proxy;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Calango.Tests.Fixtures;

/// <summary>One database for one test; gone when disposed.</summary>
public sealed class TestDatabase : IAsyncDisposable
{
    private readonly string _folder = TestFolders.NewTemporary("database");
    private readonly bool _isMigrated;
    private readonly PostgresServer? _server;
    private readonly SemaphoreSlim _settingUp = new(1);

    private TestDatabase(DatabaseKind kind, bool isMigrated, PostgresServer? server, string? postgres)
    {
        (Kind, _isMigrated, _server) = (kind, isMigrated, server);
        Options = new DatabaseOptions { Postgres = postgres, SqlitePath = Path.Combine(_folder, "calango.db") };
    }

    /// <summary>Which of the two it is.</summary>
    public DatabaseKind Kind { get; }

    /// <summary>How to reach it.</summary>
    public DatabaseOptions Options { get; }

    /// <summary>The session of the first person of the server that runs on it; null: nobody has made an account.</summary>
    public string? Session { get; private set; }

    /// <summary>Has the first account made, once, however many servers could.</summary>
    public async Task SetUpAsync(Func<Task<string?>> setUp)
    {
        await _settingUp.WaitAsync();
        Session ??= await setUp();
        _settingUp.Release();
    }

    /// <summary>Makes an empty database.</summary>
    /// <param name="kind">Which of the two.</param>
    /// <param name="migrated">Whether it has its tables already, which is quicker than to make them.</param>
    /// <param name="server">The cluster that it is made in; null: the one that the tests share.</param>
    /// <param name="tablespace">A folder that it is kept in; null: with the cluster.</param>
    public static async Task<TestDatabase> CreateAsync(DatabaseKind kind, bool migrated = true, PostgresServer? server = null, string? tablespace = null)
    {
        if (kind == DatabaseKind.Sqlite)
        {
            var file = new TestDatabase(kind, migrated, server: null, postgres: null);
            // Sets up SQLite in this process as well: the end of the test clears its pools, whoever has used it.
            DataSetup.Configure(new DbContextOptionsBuilder<CalangoDb>(), file.Options);
            await file.PlaceAsync(file._folder);
            return file;
        }

        server ??= await PostgresServer.SharedAsync();
        return new TestDatabase(kind, migrated, server, await server.CreateDatabaseAsync(migrated, tablespace));
    }

    /// <summary>Puts SQLite's tables into the folder of a server that is about to start there for the first time.</summary>
    internal Task PlaceAsync(string dataFolder) =>
        Kind == DatabaseKind.Sqlite && _isMigrated ? SqliteTemplate.PlaceAsync(Path.Combine(dataFolder, "calango.db")) : Task.CompletedTask;

    /// <summary>Puts a proxy before PostgreSQL; whoever uses <see cref="ThroughProxy"/> goes through it.</summary>
    public TcpProxy OpenProxy() => TcpProxy.To(new UnixDomainSocketEndPoint(Path.Combine(Postgres.Host!, ".s.PGSQL.5432")));

    /// <summary>How to reach PostgreSQL through a proxy.</summary>
    public string ThroughProxy(TcpProxy proxy) =>
        new NpgsqlConnectionStringBuilder { Host = "127.0.0.1", Port = proxy.Port, Username = Postgres.Username, Database = Postgres.Database }.ToString();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DropDatabaseAsync(Options.Postgres!);
        }

        _settingUp.Dispose();
        TestFolders.Delete(_folder);
    }

    private NpgsqlConnectionStringBuilder Postgres => new(Options.Postgres);
}
