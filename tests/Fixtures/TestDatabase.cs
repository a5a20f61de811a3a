using Calango.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Calango.Tests.Fixtures;

/// <summary>One database for one test; gone when disposed.</summary>
public sealed class TestDatabase : IAsyncDisposable
{
    private readonly string _folder = TestFolders.NewTemporary("database");

    private TestDatabase(DatabaseKind kind, string? postgres)
    {
        Kind = kind;
        Options = new DatabaseOptions { Postgres = postgres, SqlitePath = Path.Combine(_folder, "calango.db") };
    }

    /// <summary>Which of the two it is.</summary>
    public DatabaseKind Kind { get; }

    /// <summary>How to reach it.</summary>
    public DatabaseOptions Options { get; }

    /// <summary>Makes an empty database. SQLite's is always made by its first user.</summary>
    /// <param name="kind">Which of the two.</param>
    /// <param name="migrated">Whether PostgreSQL's has its tables already, which is quicker than to make them.</param>
    public static async Task<TestDatabase> CreateAsync(DatabaseKind kind, bool migrated = true)
    {
        if (kind == DatabaseKind.Sqlite)
        {
            var file = new TestDatabase(kind, postgres: null);
            // Sets up SQLite in this process as well: the end of the test clears its pools, whoever has used it.
            DataSetup.Configure(new DbContextOptionsBuilder<CalangoDb>(), file.Options);
            return file;
        }

        var server = await PostgresServer.SharedAsync();
        return new TestDatabase(kind, await server.CreateDatabaseAsync(migrated));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Options.Postgres is { } postgres)
        {
            var server = await PostgresServer.SharedAsync();
            await server.DropDatabaseAsync(postgres);
        }

        TestFolders.Delete(_folder);
    }
}
