using System.Threading.Channels;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace Calango.Core.Data;

/// <summary>
/// The only writer of a SQLite database: units of work queue up, and those that wait together share one transaction, so
/// that nothing ever waits on a lock and a commit is paid once for many. Each unit has a savepoint of its own: one that
/// fails takes nothing with it.
/// </summary>
public sealed class SqliteWriter : IAsyncDisposable
{
    private const int MaxBatch = 256;

    private readonly Channel<IUnit> _queue = Channel.CreateUnbounded<IUnit>(new UnboundedChannelOptions { SingleReader = true });
    private readonly DatabaseOptions _options;
    private readonly QueryTelemetry _telemetry;
    private readonly Lazy<Task> _loop;

    /// <summary>Makes a writer; it opens the database with the first unit.</summary>
    public SqliteWriter(DatabaseOptions options, QueryTelemetry telemetry)
    {
        (_options, _telemetry) = (options, telemetry);
        _loop = new Lazy<Task>(Start);
    }

    /// <summary>Queues a unit; the task ends when its transaction is committed, or with what it threw.</summary>
    internal Task<T> RunAsync<T>(Func<CalangoDb, Task<T>> work, CancellationToken cancellationToken)
    {
        var unit = new Unit<T>(work, cancellationToken);
        if (!_queue.Writer.TryWrite(unit))
        {
            throw new DatabaseUnavailableException(null);
        }

        _ = _loop.Value;
        return unit.Done.Task;
    }

    /// <summary>Finishes what is queued and closes the database.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        if (_loop.IsValueCreated)
        {
            await _loop.Value;
        }
    }

    // Not in the context of whoever writes first: its log scope would stay for all.
    private Task Start()
    {
        using (ExecutionContext.SuppressFlow())
        {
            return Task.Run(RunAsync);
        }
    }

    private async Task RunAsync()
    {
        await using var connection = new SqliteConnection(_options.SqliteConnectionString);
        await using var db = new CalangoDb(new DbContextOptionsBuilder<CalangoDb>().UseSqlite(connection).AddInterceptors(new PreparedCommands(), _telemetry).Options);
        db.Database.AutoSavepointsEnabled = false;
        var batch = new List<IUnit>(MaxBatch);
        while (await _queue.Reader.WaitToReadAsync())
        {
            batch.Clear();
            while (batch.Count < MaxBatch && _queue.Reader.TryRead(out var unit))
            {
                batch.Add(unit);
            }

            await RunBatchAsync(db, batch);
        }
    }

    private static async Task RunBatchAsync(CalangoDb db, List<IUnit> batch)
    {
        try
        {
            if (db.Database.GetDbConnection().State != System.Data.ConnectionState.Open)
            {
                await db.Database.OpenConnectionAsync();
                // In memory what a savepoint needs to go back: a temporary folder without room would refuse every larger unit.
                await db.Database.ExecuteSqlRawAsync("PRAGMA synchronous=NORMAL; PRAGMA temp_store=MEMORY");
            }

            await using var transaction = await db.Database.BeginTransactionAsync();
            foreach (var unit in batch)
            {
                db.ChangeTracker.Clear();
                await unit.RunAsync(db, transaction);
            }

            await transaction.CommitAsync();
        }
        catch (Exception exception)
        {
            // Whatever the units returned, nothing of this batch is on disk: each caller hears the same. The next batch starts
            // with a fresh connection, since this one may be broken.
            db.ChangeTracker.Clear();
            await db.Database.CloseConnectionAsync();
            batch.ForEach(unit => unit.Fail(exception));
            return;
        }

        batch.ForEach(unit => unit.Complete());
    }

    private interface IUnit
    {
        Task RunAsync(CalangoDb db, IDbContextTransaction transaction);
        void Complete();
        void Fail(Exception exception);
    }

    private sealed class Unit<T>(Func<CalangoDb, Task<T>> work, CancellationToken cancellationToken) : IUnit
    {
        private const string Savepoint = "unit";
        private readonly ExecutionContext? _context = ExecutionContext.Capture();
        private T? _result;
        private Exception? _failure;

        public TaskCompletionSource<T> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public async Task RunAsync(CalangoDb db, IDbContextTransaction transaction)
        {
            await transaction.CreateSavepointAsync(Savepoint, CancellationToken.None);
            try
            {
                cancellationToken.ThrowIfCancellationRequested();
                _result = await RunWork(db);
            }
            catch (Exception exception) when (!DatabaseFailure.EndsTransaction(exception))
            {
                _failure = exception;
                await transaction.RollbackToSavepointAsync(Savepoint, CancellationToken.None);
            }

            await transaction.ReleaseSavepointAsync(Savepoint, CancellationToken.None);
        }

        // In the context of who asked for it: what is logged and traced of it names that turn and request.
        private Task<T> RunWork(CalangoDb db)
        {
            if (_context is null)
            {
                return work(db);
            }

            Task<T>? running = null;
            ExecutionContext.Run(_context, _ => running = work(db), null);
            return running!;
        }

        public void Complete()
        {
            if (_failure is null)
            {
                Done.TrySetResult(_result!);
            }
            else
            {
                Fail(_failure);
            }
        }

        public void Fail(Exception exception) => Done.TrySetException(exception);
    }
}
