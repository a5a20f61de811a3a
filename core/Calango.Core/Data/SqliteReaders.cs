using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace Calango.Core.Data;

/// <summary>
/// Contexts that keep their connection open from query to query: opening one makes EF register its functions and ask
/// for foreign keys again, which costs as much as a small query does. Thread-safe.
/// </summary>
public sealed class SqliteReaders(DatabaseOptions options, QueryTelemetry telemetry) : IAsyncDisposable
{
    private const int MaxKept = 32;

    private readonly ConcurrentBag<CalangoDb> _idle = [];

    /// <summary>Runs a query on a context that nobody else uses meanwhile.</summary>
    internal async Task<T> RunAsync<T>(Func<CalangoDb, Task<T>> query)
    {
        if (!_idle.TryTake(out var db))
        {
            db = await OpenAsync();
        }

        var healthy = false;
        try
        {
            var result = await query(db);
            healthy = true;
            return result;
        }
        finally
        {
            // A context that met a failure may hold a connection that met one, too.
            if (healthy && _idle.Count < MaxKept)
            {
                db.ChangeTracker.Clear();
                _idle.Add(db);
            }
            else
            {
                await CloseAsync(db);
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        while (_idle.TryTake(out var db))
        {
            await CloseAsync(db);
        }
    }

    private async Task<CalangoDb> OpenAsync()
    {
        var db = new CalangoDb(new DbContextOptionsBuilder<CalangoDb>()
            .UseQueryTrackingBehavior(QueryTrackingBehavior.NoTracking)
            .UseSqlite(new SqliteConnection(options.SqliteConnectionString))
            .AddInterceptors(new PreparedCommands(), telemetry).Options);
        await db.Database.OpenConnectionAsync();
        // What is sorted must not need a temporary folder with room.
        await db.Database.ExecuteSqlRawAsync("PRAGMA temp_store=MEMORY");
        return db;
    }

    private static async ValueTask CloseAsync(CalangoDb db)
    {
        await using var connection = db.Database.GetDbConnection();
        await db.DisposeAsync();
    }
}
